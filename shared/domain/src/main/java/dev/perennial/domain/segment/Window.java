package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The points of a counter that count at one instant, which moves on: each point comes once and
 * leaves once, so that following a window over all its changes costs as much as the points are
 * many.
 */
final class Window {

  private final NavigableMap<Instant, Point> coming;
  private final @Nullable Duration length;

  /** Points that will leave, oldest first. */
  private final Deque<Entry<Instant, Point>> leaving = new ArrayDeque<>();

  private final Extreme min = new Extreme(Comparator.comparing(Point::min));
  private final Extreme max = new Extreme(Comparator.comparing(Point::max).reversed());
  private final Map<Long, Integer> kinds = new HashMap<>();
  private long count;
  private long values;
  private BigDecimal sum = BigDecimal.ZERO;

  /**
   * The window at {@code now}.
   *
   * @param length null for all time up to now
   */
  Window(NavigableMap<Instant, Point> points, @Nullable Duration length, Instant now) {
    this.length = length;
    this.coming = new TreeMap<>(length == null ? points : points.tailMap(now.minus(length), false));
    advance(now);
  }

  /** The number that the points in the window at {@code now} make; null when it is absent. */
  static @Nullable Value number(
      NavigableMap<Instant, Point> points,
      @Nullable Duration length,
      Instant now,
      Aggregate aggregate) {
    NavigableMap<Instant, Point> counted =
        length == null
            ? points.headMap(now, true)
            : points.subMap(now.minus(length), false, now, true);
    if (aggregate == Aggregate.COUNT) {
      long count = 0;
      for (Point point : counted.values()) {
        count += point.count();
      }
      return Num.of(count);
    }
    Point all = Point.NONE;
    for (Point point : counted.values()) {
      all = all.plus(point);
    }
    return switch (aggregate) {
      case COUNT -> Num.of(all.count());
      case SUM -> new Num(all.sum());
      case AVG -> average(all.sum(), all.values());
      case MIN -> all.values() == 0 ? null : new Num(all.min());
      case MAX -> all.values() == 0 ? null : new Num(all.max());
      case DISTINCT -> Num.of(all.kinds().size());
    };
  }

  private static @Nullable Value average(BigDecimal sum, long values) {
    return values == 0
        ? null
        : new Num(sum.divide(BigDecimal.valueOf(values), MathContext.DECIMAL128));
  }

  /** Moves on to that instant. */
  void advance(Instant now) {
    while (!coming.isEmpty() && !coming.firstKey().isAfter(now)) {
      Entry<Instant, Point> point = coming.pollFirstEntry();
      add(point.getValue(), 1);
      min.add(point);
      max.add(point);
      if (length != null) {
        leaving.add(point);
      }
    }
    while (length != null
        && !leaving.isEmpty()
        && !leaving.getFirst().getKey().plus(length).isAfter(now)) {
      Entry<Instant, Point> point = leaving.removeFirst();
      add(point.getValue(), -1);
      min.remove(point);
      max.remove(point);
    }
  }

  /** The next instant at which a point comes or leaves; null when none will. */
  @Nullable Instant nextChange() {
    Instant comes = coming.isEmpty() ? null : coming.firstKey();
    if (length == null || leaving.isEmpty()) {
      return comes;
    }
    Instant leaves = leaving.getFirst().getKey().plus(length);
    return comes != null && comes.isBefore(leaves) ? comes : leaves;
  }

  /** The number that these points make; null when that number is absent. */
  @Nullable Value number(Aggregate aggregate) {
    return switch (aggregate) {
      case COUNT -> Num.of(count);
      case SUM -> new Num(sum);
      case AVG -> average(sum, values);
      case MIN -> values == 0 ? null : new Num(min.point().min());
      case MAX -> values == 0 ? null : new Num(max.point().max());
      case DISTINCT -> Num.of(Math.min(kinds.size(), Series.MOST_KINDS));
    };
  }

  /** When the latest point in the window, which has a length, was; null when there is none. */
  @Nullable Instant latest() {
    return leaving.isEmpty() ? null : leaving.getLast().getKey();
  }

  /** How many events are in the window. */
  long count() {
    return count;
  }

  /** What their values add up to. */
  BigDecimal sum() {
    return sum;
  }

  private void add(Point point, int sign) {
    count += sign * point.count();
    values += sign * point.values();
    point.kinds().forEach(kind -> kinds.merge(kind, sign, Window::sumOrNone));
    sum = sign > 0 ? sum.add(point.sum()) : sum.subtract(point.sum());
  }

  private static @Nullable Integer sumOrNone(Integer some, Integer more) {
    return some + more == 0 ? null : some + more;
  }

  /**
   * The first in order of the points with a value: only those that may still become it are kept.
   */
  private static final class Extreme {

    private final Comparator<Point> order;
    private final Deque<Entry<Instant, Point>> candidates = new ArrayDeque<>();

    Extreme(Comparator<Point> order) {
      this.order = order;
    }

    void add(Entry<Instant, Point> point) {
      if (point.getValue().values() == 0) {
        return;
      }
      while (!candidates.isEmpty()
          && order.compare(point.getValue(), candidates.getLast().getValue()) <= 0) {
        candidates.removeLast();
      }
      candidates.add(point);
    }

    void remove(Entry<Instant, Point> point) {
      if (!candidates.isEmpty() && candidates.getFirst().getKey().equals(point.getKey())) {
        candidates.removeFirst();
      }
    }

    Point point() {
      return candidates.getFirst().getValue();
    }
  }
}
