package dev.perennial.json;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object with a list whose elements stand or fall on their own: one that exceeds a bound does
 * not cost its neighbours.
 *
 * @param fields all but the list
 * @param elements of the list; null when there is none
 */
public record JsonBatch(Fields fields, @Nullable List<Element> elements) {

  public JsonBatch {
    elements = elements == null ? null : List.copyOf(elements);
  }

  /** An element of the list. */
  public sealed interface Element {
    record Read(Value value) implements Element {}

    record Refused(JsonProblem problem) implements Element {}
  }
}
