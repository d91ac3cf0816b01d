package dev.perennial.local.clock;

import java.time.Instant;
import java.util.Optional;

/** Where the next registered timer is found. */
@FunctionalInterface
public interface NextDue {

  /** The earliest whole minute after one instant and not after another at which a timer fires. */
  Optional<Instant> between(Instant after, Instant until);
}
