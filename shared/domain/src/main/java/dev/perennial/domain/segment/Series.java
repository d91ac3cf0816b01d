package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When something happened and how much of it, for one counter of one facet. The newest {@link
 * #EXACT} instants are exact; older ones are kept by the hour. Values that are told apart take
 * room: of them the newest hours are kept that have {@link #KINDS} between them. The result is the
 * same whatever order points are added in.
 *
 * @param exact points by instant
 * @param hourly older points by the start of their hour
 */
public record Series(NavigableMap<Instant, Point> exact, NavigableMap<Instant, Point> hourly) {

  /** How many instants are kept exactly. */
  public static final int EXACT = 256;

  /** How many of the hours before them are kept; what was earlier still is one point. */
  public static final int HOURS = 1024;

  /** How many different values are told apart. */
  public static final int MOST_KINDS = 256;

  /** How many values the hours have, between them, before which all is one point. */
  public static final int KINDS = 1024;

  public static final Series EMPTY =
      new Series(Collections.emptyNavigableMap(), Collections.emptyNavigableMap());

  /**
   * What happened at one instant or in one hour.
   *
   * @param count of events
   * @param sum of the aggregated property over the events that had it as a number
   * @param values how many had it
   * @param kinds fingerprints of the different values of a property, for counters that tell them
   *     apart; the {@value #MOST_KINDS} least of them
   */
  public record Point(
      long count,
      BigDecimal sum,
      BigDecimal min,
      BigDecimal max,
      long values,
      SortedSet<Long> kinds) {
    /** No event. */
    static final Point NONE = new Point(0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    public static final Point ONE =
        new Point(1, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    public Point(long count, BigDecimal sum, BigDecimal min, BigDecimal max, long values) {
      this(count, sum, min, max, values, Collections.emptySortedSet());
    }

    /** An event with one value among those that are told apart. */
    public static Point ofKind(long kind) {
      return new Point(
          1, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0, new TreeSet<>(List.of(kind)));
    }

    public Point {
      kinds = Collections.unmodifiableSortedSet(least(kinds));
      // Equal sums are then equal points, however they were added up.
      sum = new Num(sum).number();
    }

    public static Point of(BigDecimal value) {
      BigDecimal exact = new Num(value).number();
      return new Point(1, exact, exact, exact, 1);
    }

    public Point plus(Point other) {
      boolean first = values > 0;
      boolean second = other.values > 0;
      return new Point(
          count + other.count,
          sum.add(other.sum),
          first && second ? min.min(other.min) : first ? min : other.min,
          first && second ? max.max(other.max) : first ? max : other.max,
          values + other.values,
          union(kinds, other.kinds));
    }

    private static SortedSet<Long> union(SortedSet<Long> some, SortedSet<Long> others) {
      if (others.isEmpty() || some.isEmpty()) {
        return some.isEmpty() ? others : some;
      }
      TreeSet<Long> union = new TreeSet<>(some);
      union.addAll(others);
      return union;
    }

    private static SortedSet<Long> least(SortedSet<Long> kinds) {
      return kinds.size() <= MOST_KINDS
          ? kinds
          : kinds.stream().limit(MOST_KINDS).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  public Series {
    exact = Collections.unmodifiableNavigableMap(new TreeMap<>(exact));
    hourly = Collections.unmodifiableNavigableMap(new TreeMap<>(hourly));
  }

  /** This series and one more point. */
  public Series plus(Instant at, Point point) {
    TreeMap<Instant, Point> points = new TreeMap<>(exact);
    TreeMap<Instant, Point> hours = new TreeMap<>(hourly);
    if (points.size() >= EXACT && at.isBefore(points.firstKey())) {
      hours.merge(hourOf(at), point, Point::plus);
    } else {
      points.merge(at, point, Point::plus);
      if (points.size() > EXACT) {
        moveOldest(points, hours);
      }
    }
    boundKinds(points, hours);
    bound(hours);
    return new Series(points, hours);
  }

  /** The points of both, as when one counter had counted for two facets. */
  Series plus(Series other) {
    return new Series(union(exact, other.exact), union(hourly, other.hourly));
  }

  /** All points, those of an hour at its start. */
  NavigableMap<Instant, Point> points() {
    return hourly.isEmpty() ? exact : union(hourly, exact);
  }

  private static TreeMap<Instant, Point> union(
      NavigableMap<Instant, Point> some, NavigableMap<Instant, Point> others) {
    TreeMap<Instant, Point> union = new TreeMap<>(some);
    others.forEach((at, point) -> union.merge(at, point, Point::plus));
    return union;
  }

  private static void moveOldest(
      TreeMap<Instant, Point> points, NavigableMap<Instant, Point> hours) {
    Map.Entry<Instant, Point> oldest = points.pollFirstEntry();
    hours.merge(hourOf(oldest.getKey()), oldest.getValue(), Point::plus);
  }

  /**
   * An hour is kept apart while the newer ones have few values. These only become more, so what is
   * one point once stays so, in whatever order the others come.
   */
  private static void boundKinds(TreeMap<Instant, Point> points, TreeMap<Instant, Point> hours) {
    if (kinds(points) + kinds(hours) < KINDS) {
      return;
    }
    TreeMap<Instant, Point> all = new TreeMap<>(hours);
    points.forEach((at, point) -> all.merge(hourOf(at), point, Point::plus));
    int newer = 0;
    for (Map.Entry<Instant, Point> hour : all.descendingMap().entrySet()) {
      if (newer >= KINDS) {
        Instant end = hour.getKey().plus(1, ChronoUnit.HOURS);
        while (points.firstKey().isBefore(end)) {
          moveOldest(points, hours);
        }
        NavigableMap<Instant, Point> old = hours.headMap(end, false);
        Instant first = old.firstKey();
        Point one = old.values().stream().reduce(Point.NONE, Point::plus);
        old.clear();
        hours.put(first, one);
        return;
      }
      newer += hour.getValue().kinds().size();
    }
  }

  private static int kinds(NavigableMap<Instant, Point> points) {
    return points.values().stream().mapToInt(point -> point.kinds().size()).sum();
  }

  /** Beyond the newest hours all is one point, at the first of them: in any order the same. */
  private static void bound(TreeMap<Instant, Point> hours) {
    while (hours.size() > HOURS + 1) {
      Map.Entry<Instant, Point> first = hours.pollFirstEntry();
      Map.Entry<Instant, Point> second = hours.pollFirstEntry();
      hours.put(first.getKey(), first.getValue().plus(second.getValue()));
    }
  }

  private static Instant hourOf(Instant at) {
    return at.truncatedTo(ChronoUnit.HOURS);
  }
}
