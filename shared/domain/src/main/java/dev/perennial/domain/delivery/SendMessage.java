package dev.perennial.domain.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends a message at most once. It decides, claims the attempt in one transaction, calls the
 * provider once, and stores how it went. Whoever comes upon a claim without an outcome cannot know,
 * and does not try again.
 */
public final class SendMessage {

  private static final int TRIES = 5;

  private final String workspace;
  private final People people;
  private final Consents consents;
  private final Contents contents;
  private final Templates templates;
  private final Sends sends;
  private final ChannelSender sender;
  private final Totals totals;

  public SendMessage(
      String workspace,
      People people,
      Consents consents,
      Contents contents,
      Templates templates,
      Sends sends,
      ChannelSender sender,
      Totals totals) {
    this.workspace = workspace;
    this.people = people;
    this.consents = consents;
    this.contents = contents;
    this.templates = templates;
    this.sends = sends;
    this.sender = sender;
    this.totals = totals;
  }

  /**
   * The id of the send that a request asks for: the same for every repeat, and whoever the person
   * is by then.
   */
  public static String id(String workspace, SendRequest request) {
    return Digest.of(workspace, request.definition(), request.step(), request.occurrence());
  }

  /**
   * Does what the request asks, unless that was done or decided before.
   *
   * @return false when the provider provably did not accept it and it is worth asking again later
   */
  public boolean send(SendRequest request, Instant now) {
    String id = id(workspace, request);
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Send> known = sends.find(id);
      if (known.isPresent() && known.get().state() != State.RETRYABLE) {
        known.filter(send -> send.state() == State.CLAIMED).ifPresent(this::giveUp);
        return true;
      }
      Optional<Boolean> done = decide(request, id, known.map(Send::attempts).orElse(0), now);
      if (done.isPresent()) {
        return done.get();
      }
    }
    throw new IllegalStateException("send " + id + " kept changing");
  }

  /**
   * What {@link #send} returns; empty when something changed meanwhile and all is to be decided
   * anew.
   */
  private Optional<Boolean> decide(SendRequest request, String id, int attempts, Instant now) {
    Person person = people.find(request.person()).orElse(null);
    PersonId subject = person == null ? request.person() : person.id();
    Map<PersonId, Permissions> known =
        consents.of(person == null ? Set.of(subject) : person.ids(workspace));
    Permissions permissions = Permissions.fold(known.values());
    Content content = contents.find(request.content()).orElse(null);
    return switch (Decision.on(request, content, person, permissions, templates)) {
      case Decision.Stay(List<Finding> findings) ->
          decline(send(request, id, now, State.NOT_SENT, attempts, null, findings));
      case Decision.Go go -> {
        Send send = send(request, id, now, State.CLAIMED, attempts + 1, go.to(), go.findings());
        yield switch (sends.claim(send, toCheck(known, subject))) {
          case CLAIMED -> Optional.of(attempt(send, new Message(id, go.to(), go.rendition())));
          case TAKEN, STALE -> Optional.empty();
          case DUPLICATE ->
              decline(send(request, id, now, State.NOT_SENT, attempts, null, duplicate(go)));
        };
      }
    };
  }

  /** Where the person has decided, or would decide next. */
  private static Map<PersonId, Permissions> toCheck(
      Map<PersonId, Permissions> known, PersonId subject) {
    return known.entrySet().stream()
        .filter(one -> one.getValue().version() > 0 || one.getKey().equals(subject))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private boolean attempt(Send send, Message message) {
    Outcome outcome = sender.deliver(message);
    settle(send.after(outcome));
    return !(outcome instanceof Outcome.Retryable);
  }

  private void giveUp(Send claimed) {
    settle(
        claimed.after(
            new Outcome.Unknown(
                "whoever claimed attempt " + claimed.attempts() + " did not say how it went")));
  }

  private void settle(Send send) {
    Optional<State> before = sends.settle(send);
    if (before.isPresent()) {
      if (before.get() == State.UNKNOWN) {
        count(send, State.UNKNOWN, -1);
      }
      // A send that will be attempted again is counted when it is over.
      if (send.state() != State.RETRYABLE) {
        count(send, send.state(), 1);
      }
    }
  }

  private Optional<Boolean> decline(Send send) {
    if (!sends.decline(send)) {
      return Optional.empty();
    }
    count(send, State.NOT_SENT, 1);
    return Optional.of(true);
  }

  private void count(Send send, State state, long n) {
    Channel channel =
        send.to() != null
            ? send.to().channel()
            : send.findings().isEmpty() ? null : send.findings().getLast().channel();
    if (channel != null) {
      totals.add(total(channel, state), n);
    }
  }

  /** The name of a total: {@code sends.email.sent}. */
  public static String total(Channel channel, State state) {
    return "sends." + channel.name().toLowerCase(Locale.ROOT) + "." + state.title();
  }

  private static List<Finding> duplicate(Decision.Go go) {
    List<Finding> findings = new ArrayList<>(go.findings());
    findings.add(
        new Finding(
            go.to().channel(),
            Rule.DUPLICATE,
            false,
            "another profile with this address got the message"));
    return findings;
  }

  private static Send send(
      SendRequest request,
      String id,
      Instant now,
      State state,
      int attempts,
      @Nullable Address to,
      List<Finding> findings) {
    return new Send(
        id,
        request.person(),
        request.definition(),
        request.step(),
        request.occurrence(),
        request.content(),
        request.topic(),
        now,
        state,
        attempts,
        to,
        findings,
        null,
        null);
  }
}
