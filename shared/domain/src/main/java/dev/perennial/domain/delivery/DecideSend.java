package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Decision.Doubt;
import dev.perennial.domain.delivery.Decision.Go;
import dev.perennial.domain.delivery.Decision.Stay;
import dev.perennial.domain.delivery.Decision.Wait;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Templates.Flaw;
import dev.perennial.domain.delivery.Templates.Rendering;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides on one request: the first channel that the content has a rendition for, that reaches the
 * person, that they allow and that no limit closes. A channel that is paused gives way to the next
 * one; when none will do, the message waits. Quiet hours hold the message, on whichever channel it
 * would go.
 */
public final class DecideSend {

  /** How long a message waits for a paused channel at most before it is looked at again. */
  public static final Duration HOLD = Duration.ofMinutes(10);

  private final SendRequest request;
  private final Circumstances given;
  private final Templates templates;
  private final String id;
  private final boolean marketing;
  private final Permissions folded;
  private final List<Finding> findings = new ArrayList<>();
  private boolean held;

  private DecideSend(SendRequest request, Circumstances given, Templates templates) {
    this.request = request;
    this.given = given;
    this.templates = templates;
    this.id = SendMessage.id(given.workspace(), request);
    this.marketing = given.policy().isMarketing(request.topic());
    this.folded = Permissions.fold(given.asked().values());
  }

  /** The decision, by what is given and nothing else. */
  public static Decision decide(SendRequest request, Circumstances given, Templates templates) {
    return new DecideSend(request, given, templates).decide();
  }

  private Decision decide() {
    Instant fence = given.position().fencedUntil();
    Instant since = given.since(request);
    if (fence != null && since.isBefore(fence) && !mayRepeat()) {
      String fact = "it was to go at " + since + ", and what went until " + fence + " is forgotten";
      return new Doubt(plus(finding(request.channels().getFirst(), Rule.RESTORE, false, fact)));
    }
    Instant expiry = request.expiresAt();
    if (expiry != null && !given.now().isBefore(expiry)) {
      return expired("expired at " + expiry);
    }
    for (Channel channel : request.channels()) {
      Decision decision = on(channel);
      if (decision != null) {
        return decision;
      }
    }
    return held
        ? new Wait(given.now().plus(request.before(HOLD, given.now())), findings)
        : new Stay(findings);
  }

  private boolean mayRepeat() {
    return request.atLeastOnce() && !marketing;
  }

  private Decision expired(String fact) {
    return new Stay(plus(finding(request.channels().getFirst(), Rule.EXPIRY, false, fact)));
  }

  private Decision waitUntil(Instant until) {
    Instant expiry = request.expiresAt();
    return expiry != null && !until.isBefore(expiry)
        ? expired("could go at " + until + " only, and expires at " + expiry)
        : new Wait(until, findings);
  }

  /** Null when the channel will not do. */
  private @Nullable Decision on(Channel channel) {
    if (given.refused().contains(channel)) {
      return no(channel, Rule.PROVIDER, "the provider refused it");
    }
    if (given.avoided().contains(channel)) {
      return no(channel, Rule.PROVIDER, "the provider did not accept it, several times");
    }
    Content content = given.content();
    Rendition template = content == null ? null : content.renditions().get(channel);
    if (content == null || template == null) {
      return no(
          channel,
          Rule.RENDITION,
          content == null ? "there is no such content" : "the content has none");
    }
    Person person = given.person();
    Optional<Address> address = person == null ? Optional.empty() : Addresses.of(person, channel);
    if (person == null || address.isEmpty()) {
      return no(
          channel, Rule.ADDRESS, person == null ? "there is no such person" : "none is known");
    }
    Address to = address.get();
    findings.add(finding(channel, Rule.ADDRESS, true, to.value()));
    boolean open =
        unblocked(to)
            && allowed(channel)
            && (!marketing || belowCaps(channel, person))
            && belowPumping(to);
    if (!open) {
      return null;
    }
    Fence fence = fence(to, person);
    if (fence.asked().size() > Fence.MOST_ASKED) {
      String fact =
          fence.asked().size() + " ids to ask, and at most " + Fence.MOST_ASKED + " can be";
      return no(channel, Rule.CONSENT, fact);
    }
    if (given.position().paused().contains(channel)) {
      held = true;
      return no(channel, Rule.PAUSE, "sending is paused");
    }
    if (marketing && given.policy().quietHours() != null) {
      Decision wait = quiet(channel, given.policy().quietHours(), person);
      if (wait != null) {
        return wait;
      }
    }
    return render(template, content.version(), to, person, fence);
  }

  private @Nullable Decision render(
      Rendition template, int version, Address to, Person person, Fence fence) {
    Recipient recipient =
        new Recipient(id, person.id(), to.key(given.workspace()), to.channel(), request.topic());
    Map<Links.Kind, String> links = given.links().of(recipient);
    return switch (templates.render(template, Variables.of(person, request, links))) {
      case Rendering.Broken(Flaw flaw) ->
          no(to.channel(), Rule.RENDITION, flaw.part() + ": " + flaw.detail());
      case Rendering.Rendered(Rendition rendition) -> {
        String segments =
            rendition instanceof Rendition.Sms(String body)
                ? ", segments: " + SmsSegments.of(body)
                : "";
        findings.add(finding(to.channel(), Rule.RENDITION, true, "version " + version + segments));
        String unsubscribe = links.get(Links.Kind.UNSUBSCRIBE);
        yield new Go(
            to,
            given.links().tracked(id, rendition),
            marketing && unsubscribe != null
                ? new Message.Bulk(request.topic(), unsubscribe)
                : null,
            fence,
            findings);
      }
    };
  }

  private boolean unblocked(Address to) {
    Permissions own = given.asked().getOrDefault(to.key(given.workspace()), Permissions.NONE);
    if (own.block() == null) {
      return true;
    }
    String reason = own.block().reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    no(to.channel(), Rule.SUPPRESSION, reason + " at " + own.block().at());
    return false;
  }

  private boolean allowed(Channel channel) {
    Optional<Consent.Decision> decided =
        marketing
            ? folded.marketingDecision(channel, request.topic())
            : folded.decision(channel, request.topic());
    boolean allowed =
        decided
            .map(decision -> decision == Consent.Decision.GRANTED)
            .orElse(!given.policy().onlyOnceGranted().contains(channel));
    String fact =
        decided.map(decision -> decision.name().toLowerCase(Locale.ROOT)).orElse("unknown");
    findings.add(finding(channel, Rule.CONSENT, allowed, fact));
    return allowed;
  }

  /** What went to others by the same device is counted as theirs. */
  private boolean belowCaps(Channel channel, Person person) {
    Map<PersonId, Permissions> own = new HashMap<>(given.asked());
    own.keySet().retainAll(person.ids(given.workspace()));
    List<Counted> counted = Permissions.fold(own.values()).counted();
    for (FrequencyCap cap : given.policy().caps()) {
      if (cap.concerns(channel, request.topic())) {
        long used = cap.used(counted, id, given.now(), zone(person));
        boolean below = used < cap.most();
        String period = cap.per().name().toLowerCase(Locale.ROOT);
        findings.add(
            finding(
                channel,
                Rule.FREQUENCY_CAP,
                below,
                used + " of at most " + cap.most() + " this " + period));
        if (!below) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean belowPumping(Address to) {
    Integer most = given.policy().perAddressPerDay().get(to.channel());
    if (most == null) {
      return true;
    }
    Instant since = given.now().minus(Policy.DAY);
    long used =
        given.asked().getOrDefault(to.key(given.workspace()), Permissions.NONE).counted().stream()
            .filter(one -> one.channel() == to.channel() && one.at().isAfter(since))
            .filter(one -> !one.send().equals(id))
            .count();
    if (used < most) {
      return true;
    }
    no(to.channel(), Rule.PUMPING, used + " to this address in 24 hours, at most " + most);
    return false;
  }

  private @Nullable Decision quiet(Channel channel, QuietHours hours, Person person) {
    Optional<ZoneId> own = ownZone(person);
    ZoneId zone = own.orElse(given.policy().zone());
    Instant end = hours.end(given.now(), zone);
    boolean awake = !end.isAfter(given.now());
    String clock =
        given.now().atZone(zone).toLocalTime().truncatedTo(ChronoUnit.MINUTES)
            + " in "
            + zone
            + (own.isPresent() ? "" : ", the workspace's zone, as theirs is unknown");
    String fact = awake ? clock : clock + "; quiet until " + end;
    findings.add(finding(channel, Rule.QUIET_HOURS, awake, fact));
    return awake ? null : waitUntil(end);
  }

  private ZoneId zone(Person person) {
    return ownZone(person).orElse(given.policy().zone());
  }

  private static Optional<ZoneId> ownZone(Person person) {
    return person.trait(Facet.TIMEZONE) instanceof Text name
        ? Policy.zone(name.text())
        : Optional.empty();
  }

  /** What was decided already, and wherever somebody could object next. */
  private Fence fence(Address to, Person person) {
    PersonId key = to.key(given.workspace());
    Set<PersonId> open = new HashSet<>(Set.of(person.id()));
    Addresses.all(person, to.channel())
        .forEach(address -> open.add(address.key(given.workspace())));
    Map<PersonId, Permissions> asked = new HashMap<>();
    given
        .asked()
        .forEach(
            (one, permissions) -> {
              if (permissions.version() > 0 || open.contains(one)) {
                asked.put(one, permissions);
              }
            });
    Set<PersonId> counting = new HashSet<>();
    if (marketing) {
      counting.add(person.id());
    }
    if (given.policy().perAddressPerDay().containsKey(to.channel())) {
      counting.add(key);
    }
    return new Fence(asked, counting, marketing, given.position().fencedUntil());
  }

  private @Nullable Decision no(Channel channel, Rule rule, String fact) {
    findings.add(finding(channel, rule, false, fact));
    return null;
  }

  private List<Finding> plus(Finding finding) {
    findings.add(finding);
    return findings;
  }

  private static Finding finding(Channel channel, Rule rule, boolean passed, String fact) {
    return new Finding(channel, rule, passed, fact);
  }
}
