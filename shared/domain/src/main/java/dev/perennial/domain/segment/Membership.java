package dev.perennial.domain.segment;

import java.time.Instant;

/**
 * Where a person stands with a segment.
 *
 * @param number of the latest transition; odd means member
 * @param since when that transition was
 */
public record Membership(long number, Instant since) {

  /** Never evaluated to true. */
  public static final Membership NEVER = new Membership(0, Instant.EPOCH);

  /**
   * Before the first transition with a segment that began with that version. People forget segments
   * that were deleted, and yet numbers never restart: none comes near 2^32.
   */
  static Membership before(int first) {
    return new Membership((first - 1L) << 32, Instant.EPOCH);
  }

  public boolean member() {
    return number % 2 == 1;
  }
}
