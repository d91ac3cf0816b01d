package dev.perennial.domain.profile;

import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.Comparator;

/**
 * What was said of one trait, or one tag. Of two sayings one prevails, whatever order events arrive
 * in: the latest by (event time, message id), but one that was to be set once only where nothing
 * else was ever said, and of several such the earliest.
 *
 * @param value {@link Value.Null} when the trait was withdrawn
 * @param once whether it was to be set only if nothing was known
 */
public record Trait(Value value, Instant at, String messageId, boolean once) {

  private static final Comparator<Trait> BY_AGE =
      Comparator.comparing(Trait::at)
          .thenComparing(Trait::messageId)
          .thenComparing(trait -> trait.value().toString());

  /** A saying that replaces older ones. */
  public Trait(Value value, Instant at, String messageId) {
    this(value, at, messageId, false);
  }

  /** Of the two, the one that prevails: one and the same always, whichever is asked. */
  public Trait prevailing(Trait other) {
    if (once != other.once) {
      return once ? other : this;
    }
    return BY_AGE.compare(this, other) >= 0 != once ? this : other;
  }
}
