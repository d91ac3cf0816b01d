package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps limits over all senders: each leases a part of a window of time at once and hands over that
 * many messages without asking again, so the store is not asked once per message. Safe for use by
 * several threads.
 */
public final class RateLimit {

  /** A sender leases this part of a window at a time. */
  private static final int PART = 20;

  private final Leases leases;
  private final Map<String, Lease> held = new HashMap<>();

  /**
   * What is held of a window.
   *
   * @param usedUp most messages of the window, once no more than what is held is left of it; 0
   *     before
   */
  private record Lease(long window, int left, int usedUp) {}

  public RateLimit(Leases leases) {
    this.leases = leases;
  }

  /**
   * Takes the right to hand over one more message.
   *
   * @param limit name of what is limited
   * @param most messages in a window
   * @param length of a window, in whole seconds
   * @return empty when it may go; else when the next window begins
   */
  public synchronized Optional<Instant> take(String limit, int most, Duration length, Instant now) {
    long window = Math.floorDiv(now.getEpochSecond(), length.toSeconds());
    Lease lease = held.get(limit);
    if (lease == null || lease.window() != window) {
      lease = new Lease(window, 0, 0);
    }
    int left = lease.left();
    int usedUp = lease.usedUp();
    if (left == 0 && most > 0 && most != usedUp) {
      left = leases.lease(limit, window, Math.max(1, most / PART), most);
      usedUp = left == 0 ? most : 0;
    }
    held.put(limit, new Lease(window, Math.max(0, left - 1), usedUp));
    return left > 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond((window + 1) * length.toSeconds()));
  }

  /** Gives one right back that was taken just now and is not used. */
  public synchronized void giveBack(String limit) {
    held.computeIfPresent(
        limit, (_, lease) -> new Lease(lease.window(), lease.left() + 1, lease.usedUp()));
  }
}
