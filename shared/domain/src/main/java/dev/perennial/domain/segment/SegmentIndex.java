package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segments that somebody can be in. Each has clues, one of which must be there before
 * anything else matters, now and as long as only time passes: a value of a trait, a trait, a tag,
 * an event that is counted. So nobody is asked about the many segments that are for others.
 */
final class SegmentIndex {

  /** Without one of these a condition does not hold. */
  private sealed interface Clue {
    /** How many people have it, roughly: the fewer, the better the clue. */
    int commonness();

    record TraitIs(String name, Value value) implements Clue {
      @Override
      public int commonness() {
        return 1;
      }
    }

    record Tag(String name) implements Clue {
      @Override
      public int commonness() {
        return 4;
      }
    }

    record Counter(CounterId id) implements Clue {
      @Override
      public int commonness() {
        return 8;
      }
    }

    record Trait(String name) implements Clue {
      @Override
      public int commonness() {
        return 16;
      }
    }
  }

  private final Map<SegmentId, Segment> segments;
  private final Map<SegmentId, Optional<Set<Clue>>> bySegment = new HashMap<>();
  private final Map<Integer, List<Integer>> byHash = new HashMap<>();
  private final BitSet clueless = new BitSet();

  /**
   * Indexes the segments.
   *
   * @param segments by id
   * @param order the ids, by the numbers that it answers with
   */
  SegmentIndex(Map<SegmentId, Segment> segments, List<SegmentId> order) {
    this.segments = segments;
    for (int number = 0; number < order.size(); number++) {
      Set<Clue> clues = clues(new Condition.InSegment(order.get(number)), new HashSet<>());
      if (clues == null) {
        clueless.set(number);
      } else {
        for (int hash : clues.stream().mapToInt(SegmentIndex::hash).distinct().toArray()) {
          byHash.computeIfAbsent(hash, _ -> new ArrayList<>()).add(number);
        }
      }
    }
  }

  /** The segments that need no clue. */
  BitSet clueless() {
    return clueless;
  }

  /** The numbers of the others by the hashes of their clues. */
  Map<Integer, List<Integer>> byHash() {
    return byHash;
  }

  private static int hash(Clue clue) {
    return switch (clue) {
      case Clue.TraitIs is -> ClueTable.value(is.name(), is.value());
      case Clue.Trait trait -> ClueTable.trait(trait.name());
      case Clue.Tag tag -> ClueTable.tag(tag.name());
      case Clue.Counter counter -> ClueTable.counter(counter.id());
    };
  }

  /** Null when it may hold without any; empty when it never holds. */
  private @Nullable Set<Clue> clues(Condition condition, Set<SegmentId> within) {
    return switch (condition) {
      case Condition.All all -> best(all.parts(), within);
      case Condition.Any any -> united(any.parts(), within);
      case Condition.InSegment other -> {
        Optional<Set<Clue>> known = bySegment.get(other.segment());
        if (known != null) {
          yield known.orElse(null);
        }
        Segment segment = segments.get(other.segment());
        if (segment == null || !within.add(other.segment())) {
          yield Set.of();
        }
        Set<Clue> clues = clues(segment.where(), within);
        within.remove(other.segment());
        bySegment.put(other.segment(), Optional.ofNullable(clues));
        yield clues;
      }
      case Condition.OfTrait trait -> ofTrait(trait);
      case Condition.OfTag tag -> {
        Set<Clue> given = clues(tag.given(), within);
        if (given == null) {
          yield null;
        }
        Set<Clue> clues = new HashSet<>(given);
        clues.add(new Clue.Tag(tag.name()));
        yield clues;
      }
      case Condition.InStage in -> clues(in.meaning(), within);
      case Condition.OfComputed of ->
          of.is().meets(of.formula().value(part -> none(part.aggregate())))
              ? null
              : of.formula().parts().stream()
                  .map(part -> new Clue.Counter(part.counter()))
                  .collect(Collectors.toSet());
      case Condition.OfDate date -> Set.of(new Clue.Trait(date.trait()));
      case Condition.OfEvents events ->
          events.is().meets(none(events.aggregate())) ? null : counter(CounterSpec.of(events));
      case Condition.LastBefore last -> counter(CounterSpec.of(last.events()));
      case Condition.FirstBefore first -> counter(CounterSpec.of(first.events()));
      case Condition.Sequence sequence -> counter(CounterSpec.of(sequence.steps().getFirst()));
      case Condition.NotFollowedBy left -> counter(CounterSpec.of(left.events()));
      case Condition.InTier _, Condition.OfRfm _ -> counter(Orders.COUNTED);
      case Condition.Not _,
          Condition.Inactive _,
          Condition.InLifecycle _,
          Condition.Reachable _,
          Condition.OfConsent _,
          Condition.Imported _ ->
          null;
    };
  }

  private @Nullable Set<Clue> best(List<Condition> parts, Set<SegmentId> within) {
    Set<Clue> best = null;
    for (Condition part : parts) {
      Set<Clue> clues = clues(part, within);
      if (clues != null && (best == null || commonness(clues) < commonness(best))) {
        best = clues;
      }
    }
    return best;
  }

  private @Nullable Set<Clue> united(List<Condition> parts, Set<SegmentId> within) {
    Set<Clue> united = new HashSet<>();
    boolean clueless = false;
    // All parts, whatever the first say: in a circle it matters where one begins.
    for (Condition part : parts) {
      Set<Clue> clues = clues(part, within);
      clueless |= clues == null;
      united.addAll(clues == null ? Set.of() : clues);
    }
    return clueless ? null : united;
  }

  private static int commonness(Set<Clue> clues) {
    return clues.stream().mapToInt(Clue::commonness).sum();
  }

  private static @Nullable Set<Clue> ofTrait(Condition.OfTrait trait) {
    for (Comparison comparison : trait.is().all()) {
      if (comparison instanceof Comparison.Is is) {
        return Set.of(new Clue.TraitIs(trait.name(), is.expected()));
      }
      if (comparison instanceof Comparison.In in) {
        Set<Clue> clues = new HashSet<>();
        in.expected().forEach(value -> clues.add(new Clue.TraitIs(trait.name(), value)));
        return clues;
      }
    }
    return trait.is().meets(null) ? null : Set.of(new Clue.Trait(trait.name()));
  }

  private static Set<Clue> counter(CounterSpec spec) {
    return Set.of(new Clue.Counter(spec.id()));
  }

  /** The number that no event makes. */
  private static @Nullable Value none(Condition.Aggregate aggregate) {
    return switch (aggregate) {
      case COUNT, SUM, DISTINCT -> Num.of(0);
      case AVG, MIN, MAX -> null;
    };
  }
}
