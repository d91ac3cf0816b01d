package dev.perennial.domain.timer;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The store of timers. A timer stays until whoever it was for deletes it, so one whose message got
 * lost is found due again. A timer is registered while its minute is still to come.
 */
public interface Timers {

  /** Adds the timer; does nothing when there is the same one. */
  void register(Due due);

  /** Removes the timer; does nothing when there is none. */
  void delete(Due due);

  /**
   * Hands over every timer whose minute is not after {@code now}, at least once, those of an
   * earlier day first.
   */
  void forEachDue(Instant now, Consumer<Due> action);

  /** The earliest minute after {@code after} and not after {@code until} at which a timer fires. */
  Optional<Instant> nextDue(Instant after, Instant until);
}
