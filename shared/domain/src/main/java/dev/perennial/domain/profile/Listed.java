package dev.perennial.domain.profile;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * What the team said of somebody and a list, a segment without a condition.
 *
 * @param in whether they are on it
 * @param version of the list when it was said: who was on a list that was deleted is not on one
 *     that is made of the same name
 * @param at when it was asked for, in milliseconds
 */
public record Listed(boolean in, int version, Instant at) {

  private static final Comparator<Listed> BY_AGE =
      Comparator.comparingInt(Listed::version).thenComparing(Listed::at);

  public Listed {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether that was said before this. */
  boolean isAfter(Listed other) {
    return BY_AGE.compare(this, other) > 0;
  }

  /** Of two sayings the later one, whichever is asked; of two at once, that they are on it. */
  public Listed prevailing(Listed other) {
    return isAfter(other) || (in && !other.isAfter(this)) ? this : other;
  }
}
