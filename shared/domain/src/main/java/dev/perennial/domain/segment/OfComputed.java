package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A computed trait is so. */
record OfComputed(Formula formula, Comparisons is) implements Question {

  @Override
  public boolean holds(Moment moment) {
    return is.meets(value(formula, moment));
  }

  /** The value at that moment; null when absent. */
  static @Nullable Value value(Formula formula, Moment moment) {
    return formula.value(
        part ->
            Window.number(
                moment.series(part.counter()).points(),
                part.within(),
                moment.now(),
                part.aggregate()));
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    Map<Formula.OfEvents, Window> windows = new HashMap<>();
    for (Formula.OfEvents part : formula.parts()) {
      windows.put(
          part, new Window(moment.series(part.counter()).points(), part.within(), moment.now()));
    }
    boolean before = meets(windows);
    for (Instant at = nextChange(windows); at != null; at = nextChange(windows)) {
      for (Window window : windows.values()) {
        window.advance(at);
      }
      if (meets(windows) != before) {
        return at;
      }
    }
    return null;
  }

  private boolean meets(Map<Formula.OfEvents, Window> windows) {
    return is.meets(
        formula.value(part -> Objects.requireNonNull(windows.get(part)).number(part.aggregate())));
  }

  private static @Nullable Instant nextChange(Map<Formula.OfEvents, Window> windows) {
    return windows.values().stream()
        .map(Window::nextChange)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }
}
