package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Condition.OfEvents;
import dev.perennial.domain.segment.Rfm.Dimension;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one customer's orders of the last {@link Rfm#WINDOW} come to. */
record Orders(Instant latest, long count, BigDecimal paid) {

  /** The events that are orders, with what was paid in {@code total}. */
  static final CounterSpec COUNTED =
      CounterSpec.of(
          new OfEvents(
              EventFilter.named("Order Completed"),
              Rfm.WINDOW,
              Aggregate.SUM,
              "total",
              Comparisons.of(new Comparison.Exists(true))));

  /** Those that count at that moment; null when there are none. */
  static @Nullable Orders of(Moment moment) {
    return of(window(moment));
  }

  /** Those in the window; null when there are none. */
  static @Nullable Orders of(Window window) {
    Instant latest = window.latest();
    return latest == null ? null : new Orders(latest, window.count(), window.sum());
  }

  /** The window in which orders count, at that moment. */
  static Window window(Moment moment) {
    return new Window(moment.series(COUNTED.id()).points(), Rfm.WINDOW, moment.now());
  }

  /** The scores at that time. */
  Map<Dimension, Integer> scores(Rfm rfm, Instant now) {
    return rfm.scores(Duration.between(latest, now), count, paid);
  }
}
