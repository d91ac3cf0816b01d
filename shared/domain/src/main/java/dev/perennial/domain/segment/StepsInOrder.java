package dev.perennial.domain.segment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Points of these counters came one after the other.
 *
 * @param within longest time from the first to the last; null when any is good
 */
record StepsInOrder(List<CounterId> steps, @Nullable Duration within) implements Question {
  StepsInOrder {
    steps = List.copyOf(steps);
  }

  @Override
  public boolean holds(Moment moment) {
    Instant end = firstEnd(moment);
    return end != null && !end.isAfter(moment.now());
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    Instant end = firstEnd(moment);
    return end != null && end.isAfter(moment.now()) ? end : null;
  }

  /** When the steps were first complete, perhaps in the future; what was done stays done. */
  private @Nullable Instant firstEnd(Moment moment) {
    List<NavigableMap<Instant, Series.Point>> points =
        steps.stream().map(step -> moment.series(step).points()).toList();
    Instant first = null;
    for (Instant start : points.getFirst().keySet()) {
      Instant end = start;
      for (int step = 1; end != null && step < points.size(); step++) {
        end = points.get(step).higherKey(end);
      }
      if (end == null) {
        // A later start finds no more than this one did.
        return first;
      }
      if (within == null || !end.isAfter(start.plus(within))) {
        first = first == null || end.isBefore(first) ? end : first;
      }
    }
    return first;
  }
}
