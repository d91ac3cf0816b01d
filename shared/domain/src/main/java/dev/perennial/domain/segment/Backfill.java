package dev.perennial.domain.segment;

import dev.perennial.domain.identity.PersonId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of everybody by one version of a segment, or by there being no such segment any
 * more.
 *
 * @param version of the segment's definition; the last one when it was deleted
 * @param deletion whether the segment was deleted
 * @param cuts by which the segment scores: one more than their version; 0 when it does not score
 */
public record Backfill(SegmentId segment, int version, boolean deletion, int cuts) {

  /** Of a segment that asks for no scores. */
  public Backfill(SegmentId segment, int version, boolean deletion) {
    this(segment, version, deletion, 0);
  }

  /** Into how many shards people are divided. */
  public static final int SHARDS = 16;

  /** The work on all of its shards. */
  public List<Work> works() {
    return IntStream.range(0, SHARDS).mapToObj(shard -> new Work(this, shard, null)).toList();
  }

  /**
   * The work on one shard, told on a queue: to go on where it stands.
   *
   * @param alone one of the shard's people whom the others went on without; null for the shard
   */
  public record Work(Backfill backfill, int shard, @Nullable PersonId alone) {}

  /**
   * Where the work on one shard stands.
   *
   * @param steps how many were made
   * @param people how many were evaluated
   * @param cursor where to go on; null at the beginning and at the end
   * @param done whether that is the end
   */
  public record Standing(
      int shard, long steps, long people, @Nullable String cursor, boolean done) {

    /** Nothing was done yet. */
    static Standing start(int shard) {
      return new Standing(shard, 0, 0, null, false);
    }

    /** After one more step. */
    Standing after(int evaluated, @Nullable String end) {
      return new Standing(shard, steps + 1, people + evaluated, end, end == null);
    }
  }
}
