package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A condition ready to be asked: counters named by their ids, other segments put in place of their
 * names. {@link Condition} says what each form means.
 */
sealed interface Question {

  /** The smallest step of time: what is true "after" an instant is true from one step later on. */
  Duration INSTANT = Duration.ofNanos(1);

  /** Whether it holds at {@code now}. */
  boolean holds(Facts facts, Instant now);

  /**
   * The earliest instant after {@code now} at which some part is answered otherwise than at {@code
   * now}, if nothing but time changes; null when there is none.
   */
  @Nullable Instant nextFlip(Facts facts, Instant now);

  /** Every part holds. */
  record All(List<Question> parts) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      for (Question part : parts) {
        if (!part.holds(facts, now)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      return earliestFlip(parts, facts, now);
    }
  }

  /** Some part holds. */
  record Any(List<Question> parts) implements Question {
    /** Nobody meets it. */
    static final Any NEVER = new Any(List.of());

    @Override
    public boolean holds(Facts facts, Instant now) {
      for (Question part : parts) {
        if (part.holds(facts, now)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      return earliestFlip(parts, facts, now);
    }
  }

  /** The part does not hold. */
  record Not(Question part) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      return !part.holds(facts, now);
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      return part.nextFlip(facts, now);
    }
  }

  /** A trait is so. */
  record OfTrait(String name, Comparisons is) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      return is.meets(facts.traits().get(name));
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      return null;
    }
  }

  /** A number computed from counted points is so. */
  record OfEvents(CounterId counter, @Nullable Duration within, Aggregate aggregate, Comparisons is)
      implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      return holds(facts.series(counter).points(), now);
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      NavigableMap<Instant, Point> points = facts.series(counter).points();
      TreeSet<Instant> changes = new TreeSet<>(points.tailMap(now, false).keySet());
      if (within != null) {
        for (Instant at : points.tailMap(now.minus(within), false).keySet()) {
          changes.add(at.plus(within));
        }
      }
      boolean before = holds(points, now);
      for (Instant change : changes) {
        if (holds(points, change) != before) {
          return change;
        }
      }
      return null;
    }

    private boolean holds(NavigableMap<Instant, Point> points, Instant now) {
      NavigableMap<Instant, Point> counted =
          within == null
              ? points.headMap(now, true)
              : points.subMap(now.minus(within), false, now, true);
      return is.meets(number(counted.values()));
    }

    private @Nullable Value number(Iterable<Point> points) {
      Point total = Point.NONE;
      for (Point point : points) {
        total = total.plus(point);
      }
      if (aggregate == Aggregate.COUNT) {
        return Num.of(total.count());
      }
      if (aggregate == Aggregate.SUM) {
        return new Num(total.sum());
      }
      if (total.values() == 0) {
        return null;
      }
      return new Num(
          switch (aggregate) {
            case AVG ->
                total.sum().divide(BigDecimal.valueOf(total.values()), MathContext.DECIMAL128);
            case MIN -> total.min();
            case MAX -> total.max();
            case COUNT, SUM -> throw new IllegalStateException("answered above");
          });
    }
  }

  /** The latest counted point was more than {@code age} ago. */
  record LastBefore(CounterId counter, Duration age) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      Instant last = facts.series(counter).points().floorKey(now);
      return last != null && last.isBefore(now.minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      NavigableMap<Instant, Point> points = facts.series(counter).points();
      Instant last = points.floorKey(now);
      if (last == null) {
        last = points.higherKey(now);
      } else if (last.isBefore(now.minus(age))) {
        return points.higherKey(now);
      }
      if (last == null) {
        return null;
      }
      Instant aged = last.plus(age).plus(INSTANT);
      for (Instant next = points.higherKey(last);
          next != null && !next.isAfter(aged);
          next = points.higherKey(next)) {
        aged = next.plus(age).plus(INSTANT);
      }
      return aged;
    }
  }

  /** The first counted point was more than {@code age} ago. */
  record FirstBefore(CounterId counter, Duration age) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      NavigableMap<Instant, Point> points = facts.series(counter).points();
      return !points.isEmpty() && points.firstKey().isBefore(now.minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      NavigableMap<Instant, Point> points = facts.series(counter).points();
      return points.isEmpty() || holds(facts, now)
          ? null
          : points.firstKey().plus(age).plus(INSTANT);
    }
  }

  /** The latest event of all was {@code age} ago or longer. */
  record Inactive(Duration age) implements Question {
    @Override
    public boolean holds(Facts facts, Instant now) {
      Instant lastSeen = facts.lastSeen();
      return lastSeen != null && !lastSeen.isAfter(now.minus(age));
    }

    @Override
    public @Nullable Instant nextFlip(Facts facts, Instant now) {
      Instant lastSeen = facts.lastSeen();
      return lastSeen == null || holds(facts, now) ? null : lastSeen.plus(age);
    }
  }

  private static @Nullable Instant earliestFlip(List<Question> parts, Facts facts, Instant now) {
    Instant earliest = null;
    for (Question part : parts) {
      Instant flip = part.nextFlip(facts, now);
      if (flip != null && (earliest == null || flip.isBefore(earliest))) {
        earliest = flip;
      }
    }
    return earliest;
  }
}
