package dev.perennial.domain.profile;

import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.Comparator;

/**
 * What was said last of one trait: the latest by (event time, message id) wins, whatever order
 * events arrive in.
 *
 * @param value {@link Value.Null} when the trait was withdrawn
 */
public record Trait(Value value, Instant at, String messageId) {

  private static final Comparator<Trait> BY_AGE =
      Comparator.comparing(Trait::at)
          .thenComparing(Trait::messageId)
          .thenComparing(trait -> trait.value().toString());

  /**
   * The one of the two that was said last. Of two that two owners' events said at once, one and the
   * same always.
   */
  public Trait orLater(Trait other) {
    return BY_AGE.compare(this, other) >= 0 ? this : other;
  }
}
