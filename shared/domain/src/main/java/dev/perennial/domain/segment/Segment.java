package dev.perennial.domain.segment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it is live.
 *
 * @param change the change of it that not everybody was evaluated by yet; null when there is none
 */
public record Segment(SegmentId id, Condition where, @Nullable Change change) {

  /**
   * That the segment was made or edited.
   *
   * @param at when
   * @param cause {@link Cause#BACKFILL} or {@link Cause#EDIT}: of whatever changes by it alone
   */
  public record Change(Instant at, Cause cause) {}
}
