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
 * @param turn which of two requests of one millisecond came later, as far as one process can tell;
 *     of others it says which counts, the same everywhere
 */
public record Listed(boolean in, int version, Instant at, long turn) {

  /** No two differ and are equal in it, so it does not matter which is heard of first. */
  private static final Comparator<Listed> BY_AGE =
      Comparator.comparingInt(Listed::version)
          .thenComparing(Listed::at)
          .thenComparingLong(Listed::turn)
          .thenComparing(Listed::in);

  public Listed {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Of two sayings the later one, whichever is asked. */
  public Listed prevailing(Listed other) {
    return BY_AGE.compare(this, other) >= 0 ? this : other;
  }
}
