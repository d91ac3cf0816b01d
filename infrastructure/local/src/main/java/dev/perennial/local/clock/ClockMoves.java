package dev.perennial.local.clock;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Moves the clock so that everything due on the way happens at its own time: lets the queues drain,
 * then goes from due minute to due minute, runs the schedules there and drains again. While the
 * clock follows the machine, {@link #runDue} does the same at each whole minute.
 */
public final class ClockMoves {

  /** Waits until nothing moves any more. */
  @FunctionalInterface
  public interface Idle {
    void await() throws InterruptedException;
  }

  /** Runs the functions that the minute starts. */
  @FunctionalInterface
  public interface Tick {
    void run(Instant minute) throws InterruptedException;
  }

  /** How a move ended. */
  public sealed interface Outcome {
    /** The clock stands at that instant and the platform is idle. */
    record Moved(Instant at) implements Outcome {}

    /** Another move is under way; nothing changed. */
    record Busy() implements Outcome {}

    /** The time lies in the past of people who exist; nothing changed. */
    record PeopleExist() implements Outcome {}
  }

  private final MovableClock clock;
  private final NextDue timers;
  private final Tick tick;
  private final Idle idle;
  private final BooleanSupplier peopleExist;
  private final AtomicBoolean moving = new AtomicBoolean();

  public ClockMoves(
      MovableClock clock, NextDue timers, Tick tick, Idle idle, BooleanSupplier peopleExist) {
    this.clock = clock;
    this.timers = timers;
    this.tick = tick;
    this.idle = idle;
    this.peopleExist = peopleExist;
  }

  /**
   * Moves the clock and stops it.
   *
   * @param target the new time, given the present one
   */
  public Outcome move(UnaryOperator<Instant> target) throws InterruptedException {
    if (!moving.compareAndSet(false, true)) {
      return new Outcome.Busy();
    }
    try {
      return moveTo(target);
    } finally {
      moving.set(false);
    }
  }

  private synchronized Outcome moveTo(UnaryOperator<Instant> target) throws InterruptedException {
    idle.await(); // here, where no minute of the machine's can begin before the move
    Instant now = clock.instant();
    Instant end = target.apply(now);
    if (end.isBefore(now)) {
      if (peopleExist.getAsBoolean()) {
        return new Outcome.PeopleExist();
      }
      clock.set(end);
      return new Outcome.Moved(end);
    }
    runAndAwait(now); // what has come due while the clock stood
    // What is due within the present minute fires at the next one, so the minutes after this one
    // are left.
    Optional<Instant> minute = timers.between(now.truncatedTo(ChronoUnit.MINUTES), end);
    while (minute.isPresent()) {
      clock.set(minute.get());
      runAndAwait(minute.get());
      minute = timers.between(minute.get(), end);
    }
    clock.set(end);
    return new Outcome.Moved(end);
  }

  /** Returns once nothing moves, the clock included. */
  public synchronized void awaitIdle() throws InterruptedException {
    idle.await();
  }

  /** Runs what is due already, where a clock stands from its beginning. */
  public synchronized void begin() throws InterruptedException {
    if (clock.standsStill()) {
      tick.run(clock.instant());
    }
  }

  private void runAndAwait(Instant minute) throws InterruptedException {
    tick.run(minute);
    idle.await();
  }

  /** Runs the schedules now, unless the clock stands still. */
  synchronized void runDue() throws InterruptedException {
    if (!clock.standsStill()) {
      tick.run(clock.instant());
    }
  }
}
