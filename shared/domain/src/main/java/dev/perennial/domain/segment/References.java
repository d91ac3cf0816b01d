package dev.perennial.domain.segment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which segments a condition refers to. */
public final class References {

  private References() {}

  /** The segments and tags that the condition itself names. */
  public static Set<SegmentId> of(Condition condition) {
    Set<SegmentId> named = new LinkedHashSet<>();
    Condition.forEachLeaf(
        condition,
        leaf -> {
          if (leaf instanceof Condition.InSegment other) {
            named.add(other.segment());
          } else if (leaf instanceof Condition.OfTag tag) {
            named.add(SegmentId.ofTag(tag.name()));
          }
        });
    return named;
  }

  /**
   * What is wrong with the references of a segment: that it names something which does not exist,
   * or in the end itself. Empty when all is well.
   *
   * @param others the conditions of all segments, perhaps with a former one of this segment
   */
  public static Optional<String> problem(
      SegmentId segment, Condition condition, Map<SegmentId, Condition> others) {
    return unknown(condition)
        .map(name -> "refers to the computed trait " + name + ", which does not exist")
        .or(() -> Optional.ofNullable(problem(segment, condition, others, new HashSet<>())));
  }

  /** The first computed trait that nothing defines. */
  private static Optional<String> unknown(Condition condition) {
    List<String> unknown = new ArrayList<>();
    Condition.forEachLeaf(
        condition,
        leaf -> {
          if (leaf instanceof Condition.OfComputed(String name, var _, Formula.Nothing _)) {
            unknown.add(name);
          }
        });
    return unknown.stream().findFirst();
  }

  private static @Nullable String problem(
      SegmentId segment,
      Condition condition,
      Map<SegmentId, Condition> others,
      Set<SegmentId> visited) {
    for (SegmentId named : of(condition)) {
      if (named.equals(segment)) {
        return "refers, in the end, to " + segment.described() + " itself";
      }
      Condition other = others.get(named);
      if (other == null) {
        if (named.isTag()) {
          // It may be given by hand.
          continue;
        }
        return "refers to " + named.described() + ", which does not exist";
      }
      String problem = visited.add(named) ? problem(segment, other, others, visited) : null;
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }
}
