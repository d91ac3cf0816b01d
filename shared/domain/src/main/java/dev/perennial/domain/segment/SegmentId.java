package dev.perennial.domain.segment;

/**
 * The id of a segment, a slug that the team chose, or of those whom a rule gives a tag: {@code
 * tag:} and the name of it.
 */
public record SegmentId(String value) implements Comparable<SegmentId> {
  private static final String TAG = "tag:";

  /** The id of those whom a rule gives the tag of that name. */
  public static SegmentId ofTag(String name) {
    return new SegmentId(TAG + name);
  }

  /** Whether a tag is meant. */
  public boolean isTag() {
    return value.startsWith(TAG);
  }

  /** The slug that the team chose. */
  public String name() {
    return isTag() ? value.substring(TAG.length()) : value;
  }

  /** In words, for example {@code the segment quiet}. */
  public String described() {
    return (isTag() ? "the tag " : "the segment ") + name();
  }

  @Override
  public int compareTo(SegmentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
