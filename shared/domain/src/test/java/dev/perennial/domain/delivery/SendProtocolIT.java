package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendScenario.Happening;
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
import dev.perennial.domain.delivery.SendWorld.Timer;
import dev.perennial.domain.delivery.SendWorld.Worker;
import dev.perennial.domain.timer.Due;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Explores every state that the send protocol can reach: two workers in every interleaving, up to 4
 * deliveries and 3 faults. A fault is a crash before or after a store or the provider is called, a
 * lost reply, a reset, a throttle, a refusal, a late duplicate, an opt-out that is committed, the
 * merge of two people with one address, or a pause; timers fire up to 3 times, early or late, of
 * two people once or twice unless the laws are checked at a larger scale. Copies of a message are
 * several, or one that the queue delivered twice and deletes for both.
 */
class SendProtocolIT {

  private record Exploration(int states, Set<String> faults) {}

  @ParameterizedTest
  @EnumSource
  void nothingIsSentTwiceOrAgainstAWishOrLost(SendScenario scenario) {
    Exploration all = explore(scenario, SendMutant.NONE, Set.of());

    System.out.println("send protocol, " + scenario + ": " + all.states() + " states");
    assertThat(all.faults()).isEmpty();
    assertThat(all.states()).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void brokenOnPurposeItFails(SendMutant mutant) {
    assertThat(explore(mutant.scenario(), mutant, mutant.faults()).faults())
        .containsAll(mutant.faults());
  }

  /**
   * States reached; behind one in which something went wrong for good nothing is explored.
   *
   * @param sought faults that end it once all are found; empty to explore everything
   */
  private static Exploration explore(SendScenario scenario, SendMutant mutant, Set<String> sought) {
    Set<SendWorld> reached = new HashSet<>();
    Set<String> faults = new HashSet<>();
    Deque<SendWorld> open = new ArrayDeque<>();
    for (boolean redelivers : new boolean[] {false, true}) {
      if (!redelivers || scenario.redelivers()) {
        open.add(SendWorld.beginning(scenario, redelivers));
      }
    }
    reached.addAll(open);
    while (!open.isEmpty() && (sought.isEmpty() || !faults.containsAll(sought))) {
      for (SendWorld next : successors(open.pop(), mutant)) {
        if (next.fault() != null) {
          faults.add(next.fault());
        } else if (reached.add(next)) {
          open.push(next);
        }
      }
    }
    return new Exploration(reached.size(), faults);
  }

  private static List<SendWorld> successors(SendWorld world, SendMutant mutant) {
    List<SendWorld> next = new ArrayList<>();
    for (int index = 0; index < world.workers().size(); index++) {
      Worker worker = world.workers().get(index);
      if (worker != null) {
        next.addAll(stepping(world, index, worker, mutant));
      } else if (index == 0 || world.workers().getFirst() != null) {
        // Of two idle workers it makes no difference which one receives.
        receiving(world, index, next);
        firing(world, index, mutant, next);
      }
    }
    happening(world, mutant, next);
    return next;
  }

  private static void happening(SendWorld world, SendMutant mutant, List<SendWorld> next) {
    SendScenario scenario = world.scenario();
    if (world.paused()) {
      next.add(world.pausing(false));
    }
    for (int request = 0; request < scenario.requests().size(); request++) {
      if (scenario.has(Happening.NEWS) && world.hasNews(request)) {
        next.add(world.hearing(request, mutant != SendMutant.NEWS_NOT_HEEDED));
      }
    }
    if (world.redelivers()) {
      redelivering(world, world, next);
    }
    if (world.faultsLeft() == 0) {
      return;
    }
    SendWorld faulty = world.faulty();
    if (scenario.has(Happening.OPT_OUT) && !world.denied()) {
      next.add(faulty.optedOut());
    }
    if (scenario.has(Happening.MERGE) && !world.merged()) {
      next.add(faulty.merging());
    }
    if (scenario.has(Happening.PAUSE) && !world.paused()) {
      next.add(faulty.pausing(true));
    }
    if (!world.redelivers()) {
      redelivering(world, faulty, next);
    }
  }

  private static void receiving(SendWorld world, int index, List<SendWorld> next) {
    for (int request = 0; request < world.scenario().requests().size(); request++) {
      if (world.queued().get(request) > 0 && world.received() < SendWorld.DELIVERIES) {
        next.add(beginning(world, index, request));
        if (world.redelivers()
            && world.isYoung(request)
            && world.mayBe(world.clock().plus(SendWorld.YOUNG))) {
          next.add(beginning(world.later(SendWorld.YOUNG), index, request));
        }
      }
    }
  }

  private static void redelivering(SendWorld world, SendWorld then, List<SendWorld> next) {
    for (int request = 0; request < world.scenario().requests().size(); request++) {
      if (world.mayRepeat(request)) {
        next.add(then.queue(request, 1, 0));
      }
    }
  }

  private static SendWorld beginning(SendWorld world, int index, int request) {
    SendStep first = world.scenario().protocol(request, world.clock()).first();
    return world
        .queue(request, -1, 1)
        .worker(index, new Worker(request, world.clock(), null, false, first));
  }

  private static void firing(SendWorld world, int index, SendMutant mutant, List<SendWorld> next) {
    if (world.fired() == world.scenario().firings()) {
      return;
    }
    Set<Timer> all = new HashSet<>(world.timers());
    all.addAll(world.woken());
    for (Timer timer : all) {
      Send send = world.sends().get(world.id(timer.request()));
      if (send == null
          || (mutant != SendMutant.FUNCTIONS_OUTLIVE_TIMERS && !world.mayBe(timer.minute()))) {
        continue;
      }
      SendWorld fired = world.firing(timer);
      SendStep first = world.scenario().protocol(timer.request(), fired.clock()).first();
      next.add(
          isOpen(timer, send)
              ? fired.worker(index, new Worker(timer.request(), fired.clock(), timer, false, first))
              : fired.without(timer).checked(timer.request()));
    }
  }

  /** As {@link SendMessage} has it. */
  private static boolean isOpen(Timer timer, Send send) {
    return switch (send.state()) {
      case DEFERRED -> send.due() != null && Due.wholeMinute(send.due()).equals(timer.minute());
      case CLAIMED, RETRYABLE, UNKNOWN -> true;
      case SENT, REFUSED, NOT_SENT -> send.block() != null;
    };
  }

  private static List<SendWorld> stepping(
      SendWorld world, int index, Worker worker, SendMutant mutant) {
    int request = worker.request();
    SendProtocol protocol = world.scenario().protocol(request, worker.now());
    List<SendWorld> next = new ArrayList<>();
    switch (worker.step()) {
      case Find find -> {
        Optional<Send> found = Optional.ofNullable(world.sends().get(world.id(request)));
        boolean hasty =
            mutant == SendMutant.CLAIM_LOST_AT_ONCE
                && found.filter(known -> known.state() == State.CLAIMED).isPresent();
        SendProtocol asked =
            hasty
                ? world.scenario().protocol(request, worker.now().plus(SendWorld.YOUNG))
                : protocol;
        SendStep step = asked.after(find, found);
        boolean untold = mutant == SendMutant.BLOCK_NOT_TOLD_AGAIN && step instanceof Suppress;
        next.add(going(world, index, worker, untold ? ((Suppress) step).next() : step));
      }
      case Meet meet ->
          next.add(
              going(
                  world, index, worker, protocol.after(meet, Optional.of(world.person(request)))));
      case Weigh weigh -> {
        SendStep step = protocol.after(weigh, world.decide(weigh, worker));
        if (mutant == SendMutant.DOUBT_FORGOTTEN && step instanceof Claim claim) {
          step = certain(claim);
        }
        boolean swapped = mutant == SendMutant.SEND_AND_CLAIM_SWAPPED && step instanceof Claim;
        next.add(going(world, index, worker, swapped ? deliverFirst((Claim) step) : step));
      }
      case Uncount uncount -> {
        SendWorld after =
            mutant == SendMutant.GIVEN_UP_STILL_COUNTED ? world : world.uncounted(uncount);
        writing(world, index, worker, after, protocol.after(uncount), next);
      }
      case Suppress suppress ->
          writing(
              world,
              index,
              worker,
              world.suppressed(request, suppress),
              protocol.after(suppress),
              next);
      case Tell tell ->
          writing(world, index, worker, world.told(request), protocol.after(tell), next);
      case Await await ->
          writing(
              world,
              index,
              worker,
              world.awaiting(world.scenario().request(await.send()), await.until()),
              protocol.after(await),
              next);
      case Register register -> {
        SendWorld after =
            mutant == SendMutant.TIMER_AFTER_THE_SEND
                ? storing(world, register.send(), register.known())
                : world.registered(request, register.send());
        writing(world, index, worker, after, protocol.after(register), next);
      }
      case Store store when mutant == SendMutant.TIMER_AFTER_THE_SEND ->
          writing(
              world, index, worker, world.registered(request, store.send()), new Done(true), next);
      case Store store -> {
        boolean stores = world.isKnown(store.send().id(), store.known());
        SendWorld after = storing(world, store.send(), store.known());
        writing(world, index, worker, after, protocol.after(store, stores), next);
      }
      case Claim claim -> {
        var outcome = world.claims(claim, mutant.minded());
        SendWorld after = outcome instanceof Sends.Claim.Claimed ? world.claimed(claim) : world;
        SendStep step = protocol.after(claim, outcome);
        boolean idly =
            mutant == SendMutant.NOBODY_WAKES_WHOM_THEY_WAIT_FOR && step instanceof Await;
        writing(world, index, worker, after, idly ? ((Await) step).next() : step, next);
      }
      case Deliver deliver -> deliver(world, index, worker, deliver, mutant, next);
      case Settle settle -> {
        boolean settles = world.settles(settle.send());
        SendWorld after = settles ? world.stored(settle.send()) : world;
        boolean frees =
            mutant == SendMutant.ADDRESS_FREED_IN_DOUBT && settle.send().state() == State.UNKNOWN;
        writing(
            world,
            index,
            worker,
            frees ? after.freed(settle.send()) : after,
            protocol.after(settle, settles || mutant == SendMutant.LOST_WRITE_OF_NEWS_ENDS_IT),
            next);
      }
      case Done(boolean accepted) -> finishing(world, index, worker, accepted, next);
    }
    return next;
  }

  private static SendWorld storing(SendWorld world, Send send, @Nullable Send known) {
    return world.isKnown(send.id(), known) ? world.stored(send) : world;
  }

  /** What the queue brought goes back to it; a timer fires again until it is deleted. */
  private static void finishing(
      SendWorld world, int index, Worker worker, boolean accepted, List<SendWorld> next) {
    if (worker.timer() == null) {
      next.add(done(world, index, worker, accepted));
      return;
    }
    SendWorld idle = world.worker(index, null);
    SendWorld again = idle.waking(worker.timer());
    next.add(accepted ? idle.without(worker.timer()).checked(worker.request()) : again);
    if (world.faultsLeft() > 0) {
      next.add(again.faulty());
    }
  }

  private static void deliver(
      SendWorld world,
      int index,
      Worker worker,
      Deliver deliver,
      SendMutant mutant,
      List<SendWorld> next) {
    SendProtocol protocol = world.scenario().protocol(worker.request(), worker.now());
    SendWorld accepting = world.accepting(deliver);
    boolean swapped = mutant == SendMutant.SEND_AND_CLAIM_SWAPPED;
    SendStep sent = protocol.after(deliver, new Outcome.Sent("p"));
    writing(world, index, worker, accepting, swapped ? claimAfter(deliver, sent) : sent, next);
    if (world.faultsLeft() == 0) {
      return;
    }
    SendWorld faulty = world.faulty();
    SendStep unknown = protocol.after(deliver, new Outcome.Unknown("no reply"));
    SendWorld twice = accepting.faulty().accepting(deliver);
    next.add(
        going(
            mutant == SendMutant.SDK_RETRIES_ON && accepting.fault() == null
                ? twice
                : accepting.faulty(),
            index,
            worker,
            unknown));
    next.add(going(faulty, index, worker, unknown));
    next.add(
        going(faulty, index, worker, protocol.after(deliver, new Outcome.Retryable("throttled"))));
    next.add(
        going(
            faulty,
            index,
            worker,
            protocol.after(deliver, new Outcome.Refused("bad address", Block.Reason.HARD_BOUNCE))));
  }

  /** Carries on, or crashes before or after the write. */
  private static void writing(
      SendWorld before,
      int index,
      Worker worker,
      SendWorld after,
      SendStep step,
      List<SendWorld> next) {
    next.add(going(after, index, worker, step));
    if (before.faultsLeft() > 0) {
      next.add(givenBack(before.faulty(), index, worker));
      next.add(givenBack(after.faulty(), index, worker));
    }
  }

  private static SendWorld going(SendWorld world, int index, Worker worker, SendStep step) {
    // Who has tried often enough gives the message back.
    boolean tired = step instanceof Find(int tries) && tries > 4;
    if (tired) {
      return givenBack(world, index, worker);
    }
    // What touches nothing that others see needs no state of its own.
    return switch (step) {
      case Meet meet when !world.scenario().has(Happening.MERGE) ->
          world.worker(
              index,
              worker.at(
                  world
                      .scenario()
                      .protocol(worker.request(), worker.now())
                      .after(meet, Optional.of(world.person(worker.request())))));
      case Done(boolean accepted) when worker.timer() == null ->
          done(world, index, worker, accepted);
      case Find _,
          Meet _,
          Weigh _,
          Uncount _,
          Await _,
          Register _,
          Store _,
          Claim _,
          Deliver _,
          Settle _,
          Suppress _,
          Tell _,
          Done _ ->
          world.worker(index, worker.at(step));
    };
  }

  private static SendWorld done(SendWorld world, int index, Worker worker, boolean accepted) {
    if (!accepted) {
      return givenBack(world, index, worker);
    }
    SendWorld idle = world.worker(index, null);
    boolean deletes = world.redelivers() && !worker.deleted();
    return (deletes ? idle.deleted(worker.request()) : idle).checked(worker.request());
  }

  private static SendWorld givenBack(SendWorld world, int index, Worker worker) {
    SendWorld idle = world.worker(index, null);
    if (worker.timer() != null) {
      return idle.waking(worker.timer());
    }
    return worker.deleted() ? idle.checked(worker.request()) : idle.queue(worker.request(), 1, 0);
  }

  private static SendStep certain(Claim claim) {
    Send send = claim.send();
    return new Claim(
        new Send(
            send.id(),
            send.request(),
            send.at(),
            send.state(),
            send.attempts(),
            send.to(),
            send.refused(),
            send.findings(),
            null,
            null,
            null),
        claim.known(),
        claim.fence(),
        claim.message(),
        claim.avoided(),
        claim.tries());
  }

  private static SendStep deliverFirst(Claim claim) {
    return new Deliver(claim.send(), claim.message(), claim.avoided());
  }

  private static SendStep claimAfter(Deliver deliver, SendStep sent) {
    return sent instanceof Settle(Send send, SendStep then)
        ? new Store(send, null, then instanceof Done ? 0 : 1)
        : deliver;
  }
}
