package dev.perennial.domain.segment;

/** The id of a segment, a slug that the team chose. */
public record SegmentId(String value) implements Comparable<SegmentId> {
  @Override
  public int compareTo(SegmentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
