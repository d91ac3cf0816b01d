package dev.perennial.domain.segment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which segments a condition refers to. */
public final class References {

  /** Most segments of which each refers to the next. */
  private static final int DEPTH = 20;

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
   * or in the end itself, or is one of too many in a row. Empty when all is well.
   *
   * @param others the conditions of all segments, perhaps with a former one of this segment
   */
  public static Optional<String> problem(
      SegmentId segment, Condition condition, Map<SegmentId, Condition> others) {
    return unknown(condition)
        .or(() -> Optional.ofNullable(problem(segment, condition, others, new HashSet<>())))
        .or(() -> depth(segment, condition, others));
  }

  /** That too many segments refer to each other one after the other, this one among them. */
  private static Optional<String> depth(
      SegmentId segment, Condition condition, Map<SegmentId, Condition> others) {
    Map<SegmentId, Set<SegmentId>> named = new HashMap<>();
    Map<SegmentId, Set<SegmentId>> naming = new HashMap<>();
    others.forEach((id, other) -> named.put(id, of(other)));
    named.put(segment, of(condition));
    // A tag that is given by hand leads no further.
    named.values().forEach(all -> all.retainAll(named.keySet()));
    named.forEach(
        (id, all) ->
            all.forEach(other -> naming.computeIfAbsent(other, _ -> new HashSet<>()).add(id)));
    return levels(segment, named) + levels(segment, naming) < DEPTH
        ? Optional.empty()
        : Optional.of("makes more than " + DEPTH + " segments refer one to the next");
  }

  /** How many there are one after the other, as far as it matters. */
  private static int levels(SegmentId from, Map<SegmentId, Set<SegmentId>> next) {
    Set<SegmentId> level = Set.of(from);
    int levels = -1;
    while (!level.isEmpty() && levels < DEPTH) {
      Set<SegmentId> beyond = new HashSet<>();
      level.forEach(id -> beyond.addAll(next.getOrDefault(id, Set.of())));
      level = beyond;
      levels++;
    }
    return levels;
  }

  /** The first computed trait that the condition asks for and nothing defines. */
  public static Optional<String> unknown(Condition condition) {
    List<String> unknown = new ArrayList<>();
    Condition.forEachLeaf(
        condition,
        leaf -> {
          if (leaf instanceof Condition.OfComputed(String name, var _, Formula.Nothing _)) {
            unknown.add(name);
          }
        });
    return unknown.stream()
        .findFirst()
        .map(name -> "refers to the computed trait " + name + ", which does not exist");
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
