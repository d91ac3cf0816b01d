package dev.perennial.domain.profile;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When somebody is at which point of the lifecycle.
 *
 * @param newFor how long after the first event somebody is new
 * @param activeFor how long after the latest event somebody is active
 * @param dormantAfter how long after the latest event somebody is dormant; at risk before that
 */
public record LifecycleRules(Duration newFor, Duration activeFor, Duration dormantAfter) {

  /** New for 30 days, active for 30 days, dormant after 60. */
  public static final LifecycleRules SHIPPED =
      new LifecycleRules(Duration.ofDays(30), Duration.ofDays(30), Duration.ofDays(60));

  /** The lifecycle at that time. */
  public Lifecycle at(Instant firstSeen, Instant lastSeen, Instant now) {
    if (now.isBefore(firstSeen.plus(newFor))) {
      return Lifecycle.NEW;
    }
    if (now.isBefore(lastSeen.plus(activeFor))) {
      return Lifecycle.ACTIVE;
    }
    return now.isBefore(lastSeen.plus(dormantAfter)) ? Lifecycle.AT_RISK : Lifecycle.DORMANT;
  }

  /** The next instant at which it may change if nothing happens; null when it will not. */
  public @Nullable Instant nextChange(Instant firstSeen, Instant lastSeen, Instant now) {
    return Stream.of(firstSeen.plus(newFor), lastSeen.plus(activeFor), lastSeen.plus(dormantAfter))
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo)
        .orElse(null);
  }
}
