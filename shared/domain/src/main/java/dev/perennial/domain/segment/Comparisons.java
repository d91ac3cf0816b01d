package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Demands on one value that must all be met.
 *
 * @param all in the order given, at least one
 */
public record Comparisons(List<Comparison> all) {
  /** There is a value. */
  public static final Comparisons THERE = of(new Comparison.Exists(true));

  public Comparisons {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a comparison compares with something");
    }
  }

  public static Comparisons of(Comparison... all) {
    return new Comparisons(List.of(all));
  }

  /** Whether the value, null when absent, meets every demand. */
  public boolean meets(@Nullable Value value) {
    for (Comparison comparison : all) {
      if (!comparison.meets(value)) {
        return false;
      }
    }
    return true;
  }
}
