package dev.perennial.domain.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.delivery.SendStep.Await;
import dev.perennial.domain.delivery.SendStep.Claim;
import dev.perennial.domain.delivery.SendStep.Deliver;
import dev.perennial.domain.delivery.SendStep.Done;
import dev.perennial.domain.delivery.SendStep.Find;
import dev.perennial.domain.delivery.SendStep.Meet;
import dev.perennial.domain.delivery.SendStep.Register;
import dev.perennial.domain.delivery.SendStep.Settle;
import dev.perennial.domain.delivery.SendStep.Store;
import dev.perennial.domain.delivery.SendStep.Suppress;
import dev.perennial.domain.delivery.SendStep.Tell;
import dev.perennial.domain.delivery.SendStep.Uncount;
import dev.perennial.domain.delivery.SendStep.Weigh;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends a message at most once: carries out what {@link SendProtocol} says. */
public final class SendMessage {

  /** How long a timer may be ahead of the send that it is for: longer than any function runs. */
  private static final Duration AHEAD = Duration.ofMinutes(15);

  /** In which a provider's rate is kept. */
  private static final Duration TURN = Duration.ofSeconds(10);

  private static final Duration HOUR = Duration.ofHours(1);

  private final String workspace;
  private final People people;
  private final Consents consents;
  private final RecordConsent recordConsent;
  private final Contents contents;
  private final Policies policies;
  private final PauseSwitch pauses;
  private final Templates templates;
  private final Links links;
  private final Sends sends;
  private final Timers timers;
  private final ChannelSender sender;
  private final RateLimit rateLimit;
  private final Publisher<ProfileChange> changes;
  private final Publisher<Event> events;
  private final ReportReceipt reportReceipt;

  /**
   * @param changes is told of whoever may be in other segments by what a provider says
   * @param events what people did with messages, and what became of their devices, as events of
   *     theirs
   */
  public SendMessage(
      String workspace,
      People people,
      Consents consents,
      Contents contents,
      Policies policies,
      PauseSwitch pauses,
      Templates templates,
      Links links,
      Sends sends,
      Timers timers,
      ChannelSender sender,
      RateLimit rateLimit,
      Publisher<ProfileChange> changes,
      Publisher<Event> events) {
    this.workspace = workspace;
    this.people = people;
    this.consents = consents;
    // Nobody is known by a device: whoever the message was for is told of instead.
    this.recordConsent = new RecordConsent(workspace, consents, _ -> {});
    this.contents = contents;
    this.policies = policies;
    this.pauses = pauses;
    this.templates = templates;
    this.links = links;
    this.sends = sends;
    this.timers = timers;
    this.sender = sender;
    this.rateLimit = rateLimit;
    this.changes = changes;
    this.events = events;
    this.reportReceipt = new ReportReceipt(events);
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
   * @return false when it is to be asked for again later
   */
  public boolean send(SendRequest request, Instant now) {
    SendProtocol protocol = new SendProtocol(workspace, request, now);
    SendStep step = protocol.first();
    Set<Channel> paid = EnumSet.noneOf(Channel.class);
    while (!(step instanceof Done(boolean accepted))) {
      step = carryOut(step, protocol, paid);
    }
    return accepted;
  }

  /**
   * Looks again at the send whose timer fired, because it may go now or because somebody visited
   * it, and deletes the timer. Whose clock is behind that of whoever let it fire goes by the timer.
   *
   * @return false when it is to be asked for again later
   */
  public boolean send(Due timer, Instant now) {
    Optional<Send> found = sends.find(timer.key());
    if (found.isEmpty()) {
      if (timer.minute().isBefore(now.minus(AHEAD))) {
        timers.delete(timer);
      }
      return true;
    }
    Send known = found.get();
    boolean open =
        switch (known.state()) {
          case DEFERRED ->
              known.due() != null && Due.wholeMinute(known.due()).equals(timer.minute());
          // Whoever this timer woke before died, or was not accepted.
          case CLAIMED, RETRYABLE, UNKNOWN -> true;
          case SENT, REFUSED, NOT_SENT -> known.block() != null;
        };
    Instant later = now.isBefore(timer.minute()) ? timer.minute() : now;
    if (open && !send(known.request(), later)) {
      return false;
    }
    known.opened().ifPresent(at -> tell(known, Receipt.Kind.OPENED, at, now));
    known.clicked().ifPresent(at -> tell(known, Receipt.Kind.CLICKED, at, now));
    timers.delete(timer);
    return true;
  }

  /** Of a visit that came to light before nothing more is told. */
  private void tell(Send send, Receipt.Kind kind, Instant at, Instant now) {
    if (!send.receipts().containsKey(kind)) {
      Receipt receipt = new Receipt(send.id(), kind, at, null);
      // Only email is visited; where it went is not known once the send went another way.
      if (send.to() != null && send.to().channel() == Channel.EMAIL) {
        reportReceipt.report(send, send.to(), receipt, now);
      }
      sends.receive(receipt);
    }
  }

  /**
   * @param paid channels for which this call has spent of the write key's budget
   */
  private SendStep carryOut(SendStep step, SendProtocol protocol, Set<Channel> paid) {
    return switch (step) {
      case Find find -> protocol.after(find, sends.find(id(workspace, protocol.request())));
      case Meet meet -> protocol.after(meet, people.find(protocol.request().person()));
      case Weigh weigh -> {
        Decision decision = decide(weigh, protocol);
        SendStep next = protocol.after(weigh, decision);
        yield next instanceof Claim
            ? protocol.after(weigh, withinRate(weigh, protocol, decision, paid))
            : next;
      }
      case Uncount uncount -> {
        uncount(uncount.next(), protocol.request());
        yield protocol.after(uncount);
      }
      case Claim claim -> {
        Sends.Claim outcome = sends.claim(claim.send(), claim.known(), claim.fence());
        if (!(outcome instanceof Sends.Claim.Claimed)) {
          giveBack(claim.message().to().channel(), protocol.request(), paid);
        }
        yield protocol.after(claim, outcome);
      }
      case Await(Send send, Instant until, var _) -> {
        timers.register(Due.ofSend(send.request().person(), send.id(), until));
        yield protocol.after((Await) step);
      }
      case Register register -> {
        Send send = register.send();
        timers.register(
            Due.ofSend(send.request().person(), send.id(), Objects.requireNonNull(send.due())));
        yield protocol.after(register);
      }
      case Store store -> protocol.after(store, sends.store(store.send(), store.known()));
      case Deliver deliver -> {
        Outcome outcome = sender.deliver(deliver.message());
        // How it went is stored before anything else.
        SendStep next = carryOut(protocol.after(deliver, outcome), protocol, paid);
        renew(outcome, deliver.claimed(), protocol.now());
        yield next;
      }
      case Settle settle -> protocol.after(settle, sends.settle(settle.send()).isPresent());
      case Suppress suppress -> {
        Send refused = suppress.refused();
        Block block = new Block(Objects.requireNonNull(refused.block()), refused.at());
        recordConsent.change(
            Objects.requireNonNull(refused.to()).key(workspace), known -> known.with(block));
        yield protocol.after(suppress);
      }
      case Tell tell -> {
        changes.publish(List.of(new ProfileChange(protocol.request().person(), Cause.EVENT)));
        yield protocol.after(tell);
      }
      case Done done -> done;
    };
  }

  /** What the provider says of the device. Lost in a crash, it is said again next time. */
  private void renew(Outcome outcome, Send send, Instant now) {
    Address to = Objects.requireNonNull(send.to());
    if (outcome instanceof Outcome.Sent(var _, String token)
        && token != null
        && !token.equals(to.value())) {
      people
          .find(send.request().person())
          .flatMap(person -> renewed(person, to, token, send, now))
          .ifPresent(event -> events.publish(List.of(event)));
    }
  }

  /** The device's new token as an event of whoever the old one is known of. */
  private static Optional<Event> renewed(
      Person person, Address old, String token, Send send, Instant now) {
    return person.facets().values().stream()
        .filter(
            facet -> {
              Trait known = facet.traits().get(Facet.PUSH_TOKEN);
              return known != null && known.value().equals(new Text(old.value()));
            })
        .map(Facet::owner)
        .findFirst()
        .map(
            owner ->
                new Event(
                    owner,
                    List.of(),
                    Digest.of("token", send.id(), token),
                    EventType.IDENTIFY,
                    null,
                    now,
                    now,
                    Event.Trust.SERVER,
                    Fields.EMPTY,
                    Fields.EMPTY,
                    new Fields(Map.of("device", new Fields(Map.of("token", new Text(token)))))));
  }

  private Decision decide(Weigh weigh, SendProtocol protocol) {
    SendRequest request = protocol.request();
    return DecideSend.decide(
        request,
        new Circumstances(
            workspace,
            weigh.person(),
            contents.find(request.content()).orElse(null),
            consents.of(Circumstances.ids(request, weigh.person(), workspace)),
            policies.current(),
            pauses.position(id(workspace, request)),
            weigh.known(),
            weigh.avoided(),
            links,
            protocol.now()),
        templates);
  }

  /** What nobody accepted counts toward no limit. */
  private void uncount(Weigh weigh, SendRequest request) {
    Send known = Objects.requireNonNull(weigh.known());
    Set<PersonId> ids = new HashSet<>(Circumstances.ids(request, weigh.person(), workspace));
    ids.add(Objects.requireNonNull(known.to()).key(workspace));
    for (Map.Entry<PersonId, Permissions> one : consents.of(ids).entrySet()) {
      if (one.getValue().isCounted(known.id(), known.at())) {
        recordConsent.change(one.getKey(), now -> now.without(known.id(), known.at()));
      }
    }
  }

  /**
   * What may go by all rules still waits while its provider takes no more, or while the write key
   * of the event behind it has started as many as it may: each message counts once, however often
   * it is tried on a channel.
   */
  private Decision withinRate(
      Weigh weigh, SendProtocol protocol, Decision decision, Set<Channel> paid) {
    if (!(decision instanceof Decision.Go go)) {
      return decision;
    }
    SendRequest request = protocol.request();
    Policy policy = policies.current();
    Instant now = protocol.now();
    Channel channel = go.to().channel();
    String key = request.key();
    String budget = budget(channel, key);
    Integer perHour = policy.perWriteKeyPerHour().get(channel);
    boolean pays = key != null && !paid.contains(channel) && !wasTried(weigh.known(), channel);
    if (pays && perHour != null) {
      Optional<Instant> next = rateLimit.take(budget, perHour, HOUR, now);
      if (next.isPresent()) {
        String fact = "at most " + perHour + " an hour by events of the key " + key;
        return waiting(go, next.get(), Finding.Rule.PUMPING, fact);
      }
    }
    Integer perSecond = policy.perSecond().get(channel);
    if (perSecond != null) {
      int most = Math.toIntExact(perSecond * TURN.toSeconds());
      Optional<Instant> next = rateLimit.take(channel.name(), most, TURN, now);
      if (next.isPresent()) {
        if (pays) {
          rateLimit.giveBack(budget);
        }
        return waiting(go, next.get(), Finding.Rule.RATE, "at most " + perSecond + " a second");
      }
    }
    if (pays) {
      paid.add(channel);
    }
    return decision;
  }

  /** What is not claimed, and so not handed over, spends nothing. */
  private void giveBack(Channel channel, SendRequest request, Set<Channel> paid) {
    if (paid.remove(channel)) {
      rateLimit.giveBack(budget(channel, request.key()));
    }
    rateLimit.giveBack(channel.name());
  }

  private static String budget(Channel channel, @Nullable String key) {
    return "key/" + channel + "/" + key;
  }

  private static boolean wasTried(@Nullable Send known, Channel channel) {
    return known != null && known.to() != null && known.to().channel() == channel;
  }

  private static Decision waiting(Decision.Go go, Instant until, Finding.Rule rule, String fact) {
    List<Finding> findings = new ArrayList<>(go.findings());
    findings.add(new Finding(go.to().channel(), rule, false, fact));
    return new Decision.Wait(until, findings);
  }
}
