package dev.perennial.domain.segment;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which segments a condition refers to. */
public final class References {

  private References() {}

  /** The segments that the condition itself names. */
  public static Set<SegmentId> of(Condition condition) {
    Set<SegmentId> named = new LinkedHashSet<>();
    Condition.forEachLeaf(
        condition,
        leaf -> {
          if (leaf instanceof Condition.InSegment other) {
            named.add(other.segment());
          }
        });
    return named;
  }

  /**
   * What is wrong with the references of a segment: that it names one which does not exist, or in
   * the end itself. Empty when all is well.
   *
   * @param others the conditions of all segments, perhaps with a former one of this segment
   */
  public static Optional<String> problem(
      SegmentId segment, Condition condition, Map<SegmentId, Condition> others) {
    return Optional.ofNullable(problem(segment, condition, others, new HashSet<>()));
  }

  private static @Nullable String problem(
      SegmentId segment,
      Condition condition,
      Map<SegmentId, Condition> others,
      Set<SegmentId> visited) {
    for (SegmentId named : of(condition)) {
      if (named.equals(segment)) {
        return "refers, in the end, to the segment " + segment + " itself";
      }
      Condition other = others.get(named);
      if (other == null) {
        return "refers to the segment " + named + ", which does not exist";
      }
      String problem = visited.add(named) ? problem(segment, other, others, visited) : null;
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }
}
