package dev.perennial.local.clock;

import dev.perennial.local.hosting.FunctionLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The machine's minutes: runs what is due at each whole one, for as long as the clock follows the
 * machine.
 */
public final class EachMinute implements AutoCloseable {

  private final Thread thread;

  private EachMinute(Thread thread) {
    this.thread = thread;
  }

  public static EachMinute start(ClockMoves moves, InstantSource machine, FunctionLog log) {
    return new EachMinute(
        Thread.ofPlatform().daemon().name("each-minute").start(() -> run(moves, machine, log)));
  }

  private static void run(ClockMoves moves, InstantSource machine, FunctionLog log) {
    try {
      while (true) {
        Instant now = machine.instant();
        Instant next = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Thread.sleep(Duration.between(now, next));
        try {
          moves.runDue();
        } catch (RuntimeException e) { // the next minute tries again
          log.failure("schedule", "failed", e);
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
