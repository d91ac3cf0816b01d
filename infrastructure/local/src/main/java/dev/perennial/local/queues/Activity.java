package dev.perennial.local.queues;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Counts the work under way: requests, batches and schedules. Work moves messages only between its
 * begin and its end, so queues read while nothing was under way, and nothing began meanwhile, were
 * read as at one instant.
 */
public final class Activity {

  private long begun;
  private long underWay;

  /** One piece of work, from its begin to its close. */
  public interface Span extends AutoCloseable {
    @Override
    void close();
  }

  public synchronized Span begin() {
    begun++;
    underWay++;
    return this::end;
  }

  private synchronized void end() {
    underWay--;
    notifyAll();
  }

  /** How much work began so far; empty while some is under way. */
  synchronized OptionalLong quiet() {
    return underWay == 0 ? OptionalLong.of(begun) : OptionalLong.empty();
  }

  /** Whether nothing is under way and nothing began since {@link #quiet} gave that number. */
  synchronized boolean quietSince(long number) {
    return underWay == 0 && begun == number;
  }

  /** Waits until some work ends, at most that long. */
  @SuppressWarnings("WaitNotInLoop") // waking too early only makes the caller look once more
  synchronized void awaitEnd(Duration longest) throws InterruptedException {
    wait(Math.max(1, longest.toMillis()));
  }
}
