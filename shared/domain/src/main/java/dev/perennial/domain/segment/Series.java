package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * When something happened and how much of it, for one counter of one facet. The newest {@link
 * #EXACT} instants are exact; older ones are kept by the hour. The result is the same whatever
 * order points are added in.
 *
 * @param exact points by instant
 * @param hourly older points by the start of their hour
 */
public record Series(NavigableMap<Instant, Point> exact, NavigableMap<Instant, Point> hourly) {

  /** How many instants are kept exactly. */
  public static final int EXACT = 256;

  public static final Series EMPTY =
      new Series(Collections.emptyNavigableMap(), Collections.emptyNavigableMap());

  /**
   * What happened at one instant or in one hour.
   *
   * @param count of events
   * @param sum of the aggregated property over the events that had it as a number
   * @param values how many had it
   */
  public record Point(long count, BigDecimal sum, BigDecimal min, BigDecimal max, long values) {
    /** No event. */
    static final Point NONE = new Point(0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    public static final Point ONE =
        new Point(1, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    public Point {
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
          values + other.values);
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
    boolean late = !hours.isEmpty() && at.isBefore(points.firstKey());
    if (late) {
      hours.merge(hourOf(at), point, Point::plus);
    } else {
      points.merge(at, point, Point::plus);
      if (points.size() > EXACT) {
        Map.Entry<Instant, Point> oldest = points.pollFirstEntry();
        hours.merge(hourOf(oldest.getKey()), oldest.getValue(), Point::plus);
      }
    }
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

  private static Instant hourOf(Instant at) {
    return at.truncatedTo(ChronoUnit.HOURS);
  }
}
