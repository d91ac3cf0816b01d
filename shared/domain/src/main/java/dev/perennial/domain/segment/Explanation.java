package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a condition holds for a person, or does not.
 *
 * @param holds whether it does
 * @param decided whether the answer of the whole follows from this part: had it been answered
 *     otherwise, or had all such parts beside it, the whole would have been
 * @param found what the person has of what is asked for; null when there is nothing, or no one
 *     value
 * @param parts of the condition, and of the segment that it refers to
 */
public record Explanation(
    Condition condition,
    boolean holds,
    boolean decided,
    @Nullable Value found,
    List<Explanation> parts) {
  public Explanation {
    parts = List.copyOf(parts);
  }
}
