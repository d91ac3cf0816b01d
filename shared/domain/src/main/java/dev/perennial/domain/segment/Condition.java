package dev.perennial.domain.segment;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question about one person at one instant, answered yes or no. Time enters in three ways, and
 * {@code P1D} is always 24 hours:
 *
 * <ul>
 *   <li>An event counts from its timestamp on: one whose timestamp is still to come does not count
 *       yet.
 *   <li>A window of length {@code w} holds the events with {@code now − w < timestamp ≤ now}: an
 *       event leaves it at the very instant {@code timestamp + w}.
 *   <li>Something is more than {@code d} ago when {@code timestamp < now − d}, and not newer than
 *       {@code d} when {@code timestamp ≤ now − d}.
 * </ul>
 */
public sealed interface Condition {

  /** Every part holds; so does a list without parts. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** Some part holds; none does in a list without parts. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** The part does not hold. */
  record Not(Condition part) implements Condition {}

  /** A trait of the profile is so. */
  record OfTrait(String name, Comparisons is) implements Condition {}

  /**
   * A number computed from events is so.
   *
   * @param within length of the window; null for all time up to now
   * @param property whose values are aggregated, by dotted path, from the events that have it as a
   *     number; null for {@link Aggregate#COUNT} only
   */
  record OfEvents(
      EventFilter events,
      @Nullable Duration within,
      Aggregate aggregate,
      @Nullable String property,
      Comparisons is)
      implements Condition {
    public OfEvents {
      if ((property == null) != (aggregate == Aggregate.COUNT)) {
        throw new IllegalArgumentException("every aggregate but the count is that of a property");
      }
    }
  }

  /** There was such an event, and the latest was more than {@code age} ago. */
  record LastBefore(EventFilter events, Duration age) implements Condition {}

  /** There was such an event, and the first was more than {@code age} ago. */
  record FirstBefore(EventFilter events, Duration age) implements Condition {}

  /** There was some event, of any type, and none is newer than {@code age}. */
  record Inactive(Duration age) implements Condition {}

  /** The person meets the condition of another segment; nobody meets that of an unknown one. */
  record InSegment(SegmentId segment) implements Condition {}

  /** How many events make one number. */
  enum Aggregate {
    /** How many events there are. */
    COUNT,
    /** 0 when no event has the property. */
    SUM,
    /** Rounded to 34 significant digits; absent when no event has the property. */
    AVG,
    /** Absent when no event has the property. */
    MIN,
    /** Absent when no event has the property. */
    MAX
  }
}
