package dev.perennial.domain.segment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it is live.
 *
 * @param change the change of it that not everybody was evaluated by yet; null when there is none
 * @param first {@linkplain dev.perennial.domain.definition.Definition#first version} of it
 */
public record Segment(SegmentId id, Condition where, @Nullable Change change, int first) {

  /** One that was never deleted. */
  public Segment(SegmentId id, Condition where, @Nullable Change change) {
    this(id, where, change, 1);
  }

  /**
   * That the segment was made or edited.
   *
   * @param at when
   * @param cause {@link Cause#BACKFILL} or {@link Cause#EDIT}: of whatever changes by it alone
   */
  public record Change(Instant at, Cause cause) {}
}
