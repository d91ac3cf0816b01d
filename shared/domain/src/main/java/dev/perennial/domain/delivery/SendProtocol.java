package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Send.State;
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
import dev.perennial.domain.profile.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order of steps that sends a message at most once, as a pure function of what each step
 * brought: find, meet the person, weigh, claim, call the provider, say how it went. Whoever comes
 * upon a claim without an outcome waits until whoever made it must have ended; from then on nobody
 * can know, and it is not tried again. {@link SendMessage} carries the steps out.
 */
public record SendProtocol(String workspace, SendRequest request, Instant now) {

  private static final int TRIES = 6;

  /**
   * After so many attempts that were not accepted, another channel is tried, else it waits: fewer
   * than a queue makes before it gives up.
   */
  private static final int AT_ONCE = 4;

  /** After so many attempts in all it is given up. */
  private static final int MOST_ATTEMPTS = 40;

  /**
   * Longer than any function runs that sends. No timer is due sooner: nobody who was about to store
   * what it is for, or to delete the same one, still runs when it fires.
   */
  private static final Duration SOONEST = Duration.ofMinutes(2);

  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(3);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

  /** What to do first. */
  public SendStep first() {
    return new Find(0);
  }

  /**
   * What to do once the send was looked for.
   *
   * @throws IllegalStateException when it kept changing
   */
  public SendStep after(Find step, Optional<Send> found) {
    if (step.tries() >= TRIES) {
      throw new IllegalStateException(
          "send " + SendMessage.id(workspace, request) + " kept changing");
    }
    if (found.isEmpty()) {
      return new Meet(null, Set.of(), step.tries());
    }
    Send known = found.get();
    // Whoever was refused may have crashed before that was heeded.
    return heeding(known, next(known, step.tries()));
  }

  private SendStep next(Send known, int tries) {
    if (known.isProven()) {
      return known
          .arrived(known.providerId())
          .<SendStep>map(arrived -> new Settle(arrived, new Done(true)))
          .orElse(new Done(true));
    }
    return switch (known.state()) {
      // The queue may have delivered this message twice, and deletes it for both.
      case CLAIMED ->
          now.isBefore(known.at().plus(SOONEST))
              ? new Await(known, now.plus(SOONEST), new Done(true))
              : settle(known, new Outcome.Unknown(lost(known)), Set.of());
      case RETRYABLE -> new Meet(known, Set.of(), tries);
      case UNKNOWN -> mayRepeat(known) ? new Meet(known, Set.of(), tries) : new Done(true);
      case DEFERRED ->
          known.due() != null && known.due().isAfter(now)
              ? new Done(true)
              : new Meet(known, Set.of(), tries);
      case SENT, REFUSED, NOT_SENT -> new Done(true);
    };
  }

  /**
   * What to do once it is known who the person is. Of somebody who was erased nothing is stored any
   * more.
   */
  public SendStep after(Meet step, Optional<Person> person) {
    return person.isEmpty() && step.known() == null
        ? new Done(true)
        : new Weigh(step.known(), step.avoided(), step.tries(), person.orElse(null), false);
  }

  /** What to do once the known attempt counts no more. */
  public SendStep after(Uncount step) {
    return step.next();
  }

  /** What to do once the address is blocked. */
  public SendStep after(Suppress step) {
    return new Tell(step.next());
  }

  /** What to do once that is told. */
  public SendStep after(Tell step) {
    return step.next();
  }

  /** What to do once it was decided. */
  public SendStep after(Weigh step, Decision decision) {
    Send known = step.known();
    if (known != null && !step.uncounted() && isGivenUp(known, decision)) {
      return new Uncount(new Weigh(known, step.avoided(), step.tries(), step.person(), true));
    }
    return switch (decision) {
      case Decision.Go go -> {
        Send send =
            send(
                go.fence().marketing() ? request.atMostOnce() : request,
                known,
                State.CLAIMED,
                attempts(known) + 1,
                go.to(),
                go.findings(),
                null,
                null);
        yield new Claim(
            send,
            known,
            go.fence(),
            new Message(send.id(), go.to(), go.rendition(), go.bulk()),
            step.avoided(),
            step.tries());
      }
      case Decision.Wait(Instant until, List<Finding> findings) ->
          defer(known, step.tries(), until, findings);
      case Decision.Doubt(List<Finding> findings) ->
          new Store(
              send(
                  request.atMostOnce(),
                  known,
                  State.UNKNOWN,
                  attempts(known),
                  known == null ? null : known.to(),
                  findings,
                  null,
                  null),
              known,
              step.tries());
      case Decision.Stay(List<Finding> findings) ->
          // What was not accepted several times may still be, when nothing else will do.
          step.avoided().isEmpty()
              ? new Store(decline(known, findings), known, step.tries())
              : defer(known, step.tries(), now.plus(pause(attempts(known))), findings);
    };
  }

  /** Whether what was provably not accepted is not tried again where it was tried. */
  private static boolean isGivenUp(Send known, Decision decision) {
    return known.state() == State.RETRYABLE
        && !known.doubtful()
        && switch (decision) {
          case Decision.Go go -> !go.to().equals(known.to());
          case Decision.Wait _, Decision.Stay _ -> true;
          case Decision.Doubt _ -> false;
        };
  }

  /** What to do once it was claimed, or not. */
  public SendStep after(Claim step, Sends.Claim outcome) {
    return switch (outcome) {
      case Sends.Claim.Claimed _ -> new Deliver(step.send(), step.message(), step.avoided());
      case Sends.Claim.Taken _, Sends.Claim.Stale _ -> new Find(step.tries() + 1);
      case Sends.Claim.Duplicate _ ->
          new Store(
              decline(
                  step.known(),
                  duplicate(step, "another profile with this address got the message")),
              step.known(),
              step.tries());
      // Should nobody work on the other one any more, it is not waited for in vain.
      case Sends.Claim.Held(Send holder) ->
          new Await(
              holder,
              now.plus(SOONEST),
              defer(
                  step.known(),
                  step.tries(),
                  now.plus(request.before(SHORTEST_PAUSE, now)),
                  duplicate(
                      step, "another profile with this address is about to get the message")));
    };
  }

  private static List<Finding> duplicate(Claim step, String fact) {
    List<Finding> findings = new ArrayList<>(step.send().findings());
    findings.add(new Finding(step.message().to().channel(), Rule.DUPLICATE, false, fact));
    return findings;
  }

  /** What to do once the timer is registered that brings it again. */
  public SendStep after(Await step) {
    return step.next();
  }

  /** What to do once the timer is registered. */
  public SendStep after(Register step) {
    return new Store(step.send(), step.known(), step.tries());
  }

  /** What to do once the decision is stored, or was not. */
  public SendStep after(Store step, boolean stored) {
    return stored ? new Done(true) : new Find(step.tries() + 1);
  }

  /** What to do once the provider was called. */
  public SendStep after(Deliver step, Outcome outcome) {
    return settle(step.claimed(), outcome, step.avoided());
  }

  /** What to do once it is stored how the attempt went, or somebody else knew better. */
  public SendStep after(Settle step, boolean stored) {
    boolean comesAgain = step.next() instanceof Done(boolean accepted) && !accepted;
    return stored || comesAgain ? step.next() : new Find(1);
  }

  private SendStep settle(Send claimed, Outcome outcome, Set<Channel> avoided) {
    boolean over = outcome instanceof Outcome.Retryable && claimed.attempts() >= MOST_ATTEMPTS;
    Send settled =
        claimed.after(over ? new Outcome.Refused("given up after many attempts") : outcome);
    SendStep next =
        switch (settled.state()) {
          case RETRYABLE ->
              outcome instanceof Outcome.Refused
                  ? heeding(settled, new Meet(settled, Set.of(), 1))
                  : again(settled, avoided);
          case UNKNOWN -> new Done(!mayRepeat(settled));
          case SENT, REFUSED, NOT_SENT, CLAIMED, DEFERRED -> new Done(true);
        };
    return new Settle(settled, next);
  }

  private static SendStep heeding(Send refused, SendStep next) {
    return refused.block() == null ? next : new Suppress(refused, next);
  }

  /** The queue asks again soon; now and then another channel is tried, or it waits. */
  private static SendStep again(Send settled, Set<Channel> avoided) {
    if (settled.to() == null || (avoided.isEmpty() && settled.attempts() % AT_ONCE != 0)) {
      return new Done(false);
    }
    Set<Channel> all = EnumSet.of(settled.to().channel());
    all.addAll(avoided);
    return new Meet(settled, all, 1);
  }

  private boolean mayRepeat(Send send) {
    return send.state() == State.UNKNOWN
        && send.request().atLeastOnce()
        && send.attempts() < AT_ONCE;
  }

  private static Duration pause(int attempts) {
    Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(attempts / AT_ONCE, 10));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private SendStep defer(@Nullable Send known, int tries, Instant until, List<Finding> findings) {
    Address to = known == null ? null : known.to();
    Instant soonest = now.plus(SOONEST);
    Instant due = until.isBefore(soonest) ? soonest : until;
    return new Register(
        send(request, known, State.DEFERRED, attempts(known), to, findings, due, null),
        known,
        tries);
  }

  private Send decline(@Nullable Send known, List<Finding> findings) {
    if (known == null || !(known.mayHaveGone() || !known.refused().isEmpty())) {
      return send(request, known, State.NOT_SENT, attempts(known), null, findings, null, null);
    }
    // What may have gone is never said not to have gone.
    return known.mayHaveGone()
        ? last(request.atMostOnce(), known, State.UNKNOWN, findings)
        : last(request, known, State.REFUSED, findings);
  }

  private Send last(SendRequest asked, Send known, State state, List<Finding> findings) {
    return send(asked, known, state, known.attempts(), known.to(), findings, null, known.detail());
  }

  private Send send(
      SendRequest asked,
      @Nullable Send known,
      State state,
      int attempts,
      @Nullable Address to,
      List<Finding> findings,
      @Nullable Instant due,
      @Nullable String detail) {
    return new Send(
        SendMessage.id(workspace, asked),
        asked,
        state == State.CLAIMED ? claimedAt(known) : now,
        state,
        attempts,
        known != null && known.mayHaveGone(),
        to,
        known == null ? Set.of() : known.refused(),
        null,
        findings,
        due,
        null,
        detail,
        known == null ? Map.of() : known.receipts(),
        known == null ? List.of() : known.visits());
  }

  /** No two attempts are of one instant, whatever clocks say: it tells apart what they count. */
  private Instant claimedAt(@Nullable Send known) {
    return known == null || now.isAfter(known.at()) ? now : known.at().plusMillis(1);
  }

  private static int attempts(@Nullable Send known) {
    return known == null ? 0 : known.attempts();
  }

  private static String lost(Send claimed) {
    return "whoever claimed attempt " + claimed.attempts() + " did not say how it went";
  }
}
