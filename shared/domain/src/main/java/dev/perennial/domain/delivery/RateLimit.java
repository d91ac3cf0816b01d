package dev.perennial.domain.delivery;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * Keeps a provider's rate over all senders: each leases a part of a window of {@value #SECONDS}
 * seconds at a time and hands over that many messages without asking again, so the store is not
 * asked once per message. Safe for use by several threads.
 */
public final class RateLimit {

  static final int SECONDS = 10;

  /** A sender leases this part of a window at a time. */
  private static final int PART = 20;

  private final Leases leases;
  private final Map<Channel, Lease> held = new EnumMap<>(Channel.class);

  private record Lease(long window, int left) {}

  public RateLimit(Leases leases) {
    this.leases = leases;
  }

  /** Whether one more message may be handed over now. */
  public synchronized boolean take(Channel channel, int perSecond, Instant now) {
    long window = Math.floorDiv(now.getEpochSecond(), SECONDS);
    Lease lease = held.get(channel);
    int left = lease != null && lease.window() == window ? lease.left() : 0;
    if (left == 0) {
      int most = perSecond * SECONDS;
      left = leases.lease(channel, window, Math.max(1, most / PART), most);
    }
    held.put(channel, new Lease(window, Math.max(0, left - 1)));
    return left > 0;
  }
}
