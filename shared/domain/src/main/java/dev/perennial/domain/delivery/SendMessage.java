package dev.perennial.domain.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendStep.Claim;
import dev.perennial.domain.delivery.SendStep.Deliver;
import dev.perennial.domain.delivery.SendStep.Done;
import dev.perennial.domain.delivery.SendStep.Find;
import dev.perennial.domain.delivery.SendStep.Meet;
import dev.perennial.domain.delivery.SendStep.Register;
import dev.perennial.domain.delivery.SendStep.Settle;
import dev.perennial.domain.delivery.SendStep.Store;
import dev.perennial.domain.delivery.SendStep.Weigh;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Sends a message at most once: carries out what {@link SendProtocol} says. */
public final class SendMessage {

  /** How long a timer may be ahead of the send that it is for: longer than any function runs. */
  private static final Duration AHEAD = Duration.ofMinutes(15);

  private final String workspace;
  private final People people;
  private final Consents consents;
  private final Contents contents;
  private final Policies policies;
  private final PauseSwitch pauses;
  private final Templates templates;
  private final Links links;
  private final Sends sends;
  private final Timers timers;
  private final ChannelSender sender;
  private final RateLimit rateLimit;
  private final Totals totals;

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
      Totals totals) {
    this.workspace = workspace;
    this.people = people;
    this.consents = consents;
    this.contents = contents;
    this.policies = policies;
    this.pauses = pauses;
    this.templates = templates;
    this.links = links;
    this.sends = sends;
    this.timers = timers;
    this.sender = sender;
    this.rateLimit = rateLimit;
    this.totals = totals;
  }

  /**
   * The id of the send that a request asks for: the same for every repeat, and whoever the person
   * is by then.
   */
  public static String id(String workspace, SendRequest request) {
    return Digest.of(workspace, request.definition(), request.step(), request.occurrence());
  }

  /** The name of a total: {@code sends.email.sent}. */
  public static String total(Channel channel, State state) {
    return "sends." + channel.name().toLowerCase(Locale.ROOT) + "." + state.title();
  }

  /**
   * Does what the request asks, unless that was done or decided before.
   *
   * @return false when it is to be asked for again later
   */
  public boolean send(SendRequest request, Instant now) {
    SendProtocol protocol = new SendProtocol(workspace, request, now);
    SendStep step = protocol.first();
    while (!(step instanceof Done(boolean accepted))) {
      step = carryOut(step, protocol);
    }
    return accepted;
  }

  /**
   * Looks again at the send whose timer fired, and deletes the timer.
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
          case SENT, REFUSED, NOT_SENT -> false;
        };
    if (open && !send(known.request(), now)) {
      return false;
    }
    timers.delete(timer);
    return true;
  }

  private SendStep carryOut(SendStep step, SendProtocol protocol) {
    return switch (step) {
      case Find find -> protocol.after(find, sends.find(id(workspace, protocol.request())));
      case Meet meet -> protocol.after(meet, people.find(protocol.request().person()));
      case Weigh weigh -> protocol.after(weigh, decide(weigh, protocol));
      case Claim claim ->
          protocol.after(claim, sends.claim(claim.send(), claim.known(), claim.fence()));
      case Register register -> {
        Send send = register.send();
        timers.register(
            Due.ofSend(send.request().person(), send.id(), Objects.requireNonNull(send.due())));
        yield protocol.after(register);
      }
      case Store store -> {
        boolean stored = sends.store(store.send(), store.known());
        if (stored && store.send().state() != State.DEFERRED) {
          count(store.send(), store.send().state(), 1);
        }
        yield protocol.after(store, stored);
      }
      case Deliver deliver -> protocol.after(deliver, sender.deliver(deliver.message()));
      case Settle settle -> protocol.after(settle, settle(settle.send()));
      case Done done -> done;
    };
  }

  private Decision decide(Weigh weigh, SendProtocol protocol) {
    SendRequest request = protocol.request();
    var ids = Circumstances.ids(request, weigh.person(), workspace);
    Send known = weigh.known();
    Policy policy = policies.current();
    Decision decision =
        DecideSend.decide(
            request,
            new Circumstances(
                workspace,
                weigh.person(),
                contents.find(request.content()).orElse(null),
                consents.of(ids),
                policy,
                pauses.paused(),
                known == null ? Set.of() : known.refused(),
                weigh.avoided(),
                links,
                protocol.now()),
            templates);
    return withinRate(decision, policy, protocol.now());
  }

  /** What may go by all rules still waits while its provider takes no more. */
  private Decision withinRate(Decision decision, Policy policy, Instant now) {
    if (!(decision instanceof Decision.Go go)) {
      return decision;
    }
    Channel channel = go.to().channel();
    Integer perSecond = policy.perSecond().get(channel);
    if (perSecond == null || rateLimit.take(channel, perSecond, now)) {
      return decision;
    }
    List<Finding> findings = new ArrayList<>(go.findings());
    String fact = "at most " + perSecond + " a second";
    findings.add(new Finding(channel, Finding.Rule.RATE, false, fact));
    return new Decision.Wait(now.plusSeconds(RateLimit.SECONDS), findings);
  }

  private boolean settle(Send send) {
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
    return before.isPresent();
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
}
