package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Series.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The latest point of one counter is {@code within} old and none of the other came meanwhile. */
record Unfollowed(CounterId counter, CounterId by, Duration within) implements Question {

  @Override
  public boolean holds(Moment moment) {
    return holds(moment, moment.now());
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    Instant now = moment.now();
    boolean before = holds(moment, now);
    NavigableMap<Instant, Point> points = moment.series(counter).points();
    TreeSet<Instant> turns = new TreeSet<>();
    Instant latest = points.floorKey(now);
    if (latest != null) {
      turns.add(latest.plus(within));
    }
    for (Instant next : points.tailMap(now, false).keySet()) {
      turns.add(next);
      turns.add(next.plus(within));
    }
    for (Instant turn : turns.tailSet(now, false)) {
      if (holds(moment, turn) != before) {
        return turn;
      }
    }
    return null;
  }

  private boolean holds(Moment moment, Instant now) {
    Instant latest = moment.series(counter).points().floorKey(now);
    if (latest == null || now.isBefore(latest.plus(within))) {
      return false;
    }
    Instant next = moment.series(by).points().higherKey(latest);
    return next == null || next.isAfter(latest.plus(within));
  }
}
