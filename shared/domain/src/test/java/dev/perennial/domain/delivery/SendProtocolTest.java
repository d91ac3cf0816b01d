package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.SendStep.Claim;
import dev.perennial.domain.delivery.SendStep.Deliver;
import dev.perennial.domain.delivery.SendStep.Done;
import dev.perennial.domain.delivery.SendStep.Find;
import dev.perennial.domain.delivery.SendStep.Meet;
import dev.perennial.domain.delivery.SendStep.Register;
import dev.perennial.domain.delivery.SendStep.Settle;
import dev.perennial.domain.delivery.SendStep.Store;
import dev.perennial.domain.delivery.SendStep.Weigh;
import dev.perennial.domain.delivery.SendWorld.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Explores every state that the send protocol can reach: two workers in every interleaving, two
 * messages of one round for one address, up to 4 deliveries and 3 faults. A fault is a crash before
 * or after a store or the provider is called, a lost reply, a reset, a throttle, a refusal, a late
 * duplicate, an opt-out that is committed, or the merge of the two people.
 */
class SendProtocolTest {

  private static final int FAULTS = 3;

  /** As many as a broken protocol needs to be caught. */
  private static final int FAULTS_OF_MUTANTS = 2;

  /** How the protocol is broken on purpose. */
  private enum Mutant {
    NONE,
    CONDITION_REMOVED,
    SEND_AND_CLAIM_SWAPPED,
    SDK_RETRIES_ON
  }

  private record Exploration(int states, Set<String> faults) {}

  @Test
  void nothingIsSentTwiceOrAfterAnOptOutOrLost() {
    Exploration all = explore(Mutant.NONE);

    System.out.println("send protocol: " + all.states() + " states");
    assertThat(all.faults()).isEmpty();
    assertThat(all.states()).isGreaterThan(100_000);
  }

  @Test
  void withoutTheConditionItFails() {
    assertThat(explore(Mutant.CONDITION_REMOVED).faults())
        .contains("one address got it twice", "claimed after the opt-out was committed");
  }

  @Test
  void withSendBeforeClaimItFails() {
    assertThat(explore(Mutant.SEND_AND_CLAIM_SWAPPED).faults())
        .contains("one address got it twice", "sent after the opt-out was committed");
  }

  @Test
  void withRetriesOfTheSdkItFails() {
    assertThat(explore(Mutant.SDK_RETRIES_ON).faults()).contains("one address got it twice");
  }

  /** States reached; behind one in which something went wrong for good nothing is explored. */
  private static Exploration explore(Mutant mutant) {
    Set<SendWorld> reached = new HashSet<>();
    Set<String> faults = new HashSet<>();
    Deque<SendWorld> open = new ArrayDeque<>();
    SendWorld beginning = SendWorld.beginning(mutant == Mutant.NONE ? FAULTS : FAULTS_OF_MUTANTS);
    reached.add(beginning);
    open.add(beginning);
    while (!open.isEmpty()) {
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

  private static List<SendWorld> successors(SendWorld world, Mutant mutant) {
    List<SendWorld> next = new ArrayList<>();
    for (int index = 0; index < world.workers().size(); index++) {
      Worker worker = world.workers().get(index);
      if (worker != null) {
        next.addAll(stepping(world, index, worker, mutant));
      } else if (index == 0 || world.workers().getFirst() != null) {
        // Of two idle workers it makes no difference which one receives.
        next.addAll(receiving(world, index));
      }
    }
    if (world.faultsLeft() > 0) {
      SendWorld faulty = world.faulty();
      if (!world.denied()) {
        next.add(faulty.optedOut());
      }
      if (!world.merged()) {
        next.add(faulty.merging());
      }
      for (int request = 0; request < 2; request++) {
        if (world.received() < SendWorld.DELIVERIES && world.queued().get(request) < 2) {
          next.add(faulty.queue(request, 1, 0));
        }
      }
    }
    return next;
  }

  private static List<SendWorld> receiving(SendWorld world, int index) {
    List<SendWorld> next = new ArrayList<>();
    for (int request = 0; request < 2; request++) {
      if (world.queued().get(request) > 0 && world.received() < SendWorld.DELIVERIES) {
        SendStep first = SendWorld.PROTOCOLS.get(request).first();
        next.add(world.queue(request, -1, 1).worker(index, new Worker(request, first)));
      }
    }
    return next;
  }

  private static List<SendWorld> stepping(
      SendWorld world, int index, Worker worker, Mutant mutant) {
    int request = worker.request();
    SendProtocol protocol = SendWorld.PROTOCOLS.get(request);
    List<SendWorld> next = new ArrayList<>();
    switch (worker.step()) {
      case Find find ->
          next.add(
              going(
                  world,
                  index,
                  request,
                  protocol.after(
                      find, Optional.ofNullable(world.sends().get(SendWorld.id(request))))));
      case Meet meet ->
          next.add(
              going(
                  world, index, request, protocol.after(meet, Optional.of(world.person(request)))));
      case Weigh weigh -> {
        SendStep step = protocol.after(weigh, world.decide(weigh, request));
        boolean swapped = mutant == Mutant.SEND_AND_CLAIM_SWAPPED && step instanceof Claim;
        next.add(going(world, index, request, swapped ? deliverFirst((Claim) step) : step));
      }
      case Register register ->
          writing(
              world,
              index,
              request,
              world.registered(register.send().id()),
              protocol.after(register),
              next);
      case Store store -> {
        boolean stores = world.isKnown(store.send().id(), store.known());
        SendWorld after = stores ? world.stored(store.send()) : world;
        writing(world, index, request, after, protocol.after(store, stores), next);
      }
      case Claim claim -> {
        var outcome = world.claims(claim, mutant != Mutant.CONDITION_REMOVED);
        SendWorld after = outcome == Sends.Claim.CLAIMED ? world.claimed(claim) : world;
        writing(world, index, request, after, protocol.after(claim, outcome), next);
      }
      case Deliver deliver -> deliver(world, index, request, deliver, mutant, next);
      case Settle settle -> {
        boolean settles = world.settles(settle.send());
        SendWorld after = settles ? world.stored(settle.send()) : world;
        writing(world, index, request, after, protocol.after(settle, settles), next);
      }
      case Done(boolean accepted) -> {
        SendWorld idle = world.worker(index, null);
        next.add(accepted ? idle.checked(request) : idle.queue(request, 1, 0));
      }
    }
    return next;
  }

  private static void deliver(
      SendWorld world,
      int index,
      int request,
      Deliver deliver,
      Mutant mutant,
      List<SendWorld> next) {
    SendProtocol protocol = SendWorld.PROTOCOLS.get(request);
    SendWorld accepting = world.accepting(deliver);
    boolean swapped = mutant == Mutant.SEND_AND_CLAIM_SWAPPED;
    SendStep sent = protocol.after(deliver, new Outcome.Sent("p"));
    writing(world, index, request, accepting, swapped ? claimAfter(deliver, sent) : sent, next);
    if (world.faultsLeft() == 0) {
      return;
    }
    SendWorld faulty = world.faulty();
    SendStep unknown = protocol.after(deliver, new Outcome.Unknown("no reply"));
    SendWorld twice = accepting.faulty().accepting(deliver);
    next.add(
        going(
            mutant == Mutant.SDK_RETRIES_ON && accepting.fault() == null
                ? twice
                : accepting.faulty(),
            index,
            request,
            unknown));
    next.add(going(faulty, index, request, unknown));
    next.add(
        going(faulty, index, request, protocol.after(deliver, new Outcome.Retryable("throttled"))));
    next.add(
        going(faulty, index, request, protocol.after(deliver, new Outcome.Refused("bad address"))));
  }

  /** Carries on, or crashes before or after the write. */
  private static void writing(
      SendWorld before,
      int index,
      int request,
      SendWorld after,
      SendStep step,
      List<SendWorld> next) {
    next.add(going(after, index, request, step));
    if (before.faultsLeft() > 0) {
      next.add(before.faulty().worker(index, null).queue(request, 1, 0));
      next.add(after.faulty().worker(index, null).queue(request, 1, 0));
    }
  }

  private static SendWorld going(SendWorld world, int index, int request, SendStep step) {
    // Who has tried often enough gives the message back.
    boolean tired = step instanceof Find(int tries) && tries > 4;
    return tired
        ? world.worker(index, null).queue(request, 1, 0)
        : world.worker(index, new Worker(request, step));
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
