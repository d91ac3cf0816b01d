package dev.perennial.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param cursor where the next part begins; null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String cursor) {
  public Page {
    items = List.copyOf(items);
  }
}
