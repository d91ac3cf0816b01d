package dev.perennial.domain.identity;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds texts that say nothing but an identifier, however it was written. */
public final class Mentions {

  private final Set<Identifier> sought;

  public Mentions(Set<Identifier> sought) {
    this.sought = Set.copyOf(sought);
  }

  /** The fields without such texts, and without what they leave empty. */
  public Fields without(Fields fields) {
    Map<String, Value> left = new LinkedHashMap<>();
    fields
        .fields()
        .forEach(
            (name, value) -> {
              Value rest = without(value);
              if (rest != null) {
                left.put(name, rest);
              }
            });
    return new Fields(left);
  }

  /** The value without such texts; null when nothing is left of it. */
  public @Nullable Value without(Value value) {
    return switch (value) {
      case Value.Text text -> isMention(text.text()) ? null : text;
      case Value.Num _, Value.Bool _, Value.Null _ -> value;
      case Fields fields -> {
        Fields rest = without(fields);
        yield rest.isEmpty() && !fields.isEmpty() ? null : rest;
      }
      case Items items -> {
        List<Value> rest = new ArrayList<>();
        for (Value item : items.items()) {
          Value left = without(item);
          if (left != null) {
            rest.add(left);
          }
        }
        yield rest.isEmpty() && !items.items().isEmpty() ? null : new Items(rest);
      }
    };
  }

  private boolean isMention(String text) {
    return sought.stream()
        .anyMatch(
            identifier ->
                IdentifierReading.of(identifier.namespace(), text)
                        instanceof IdentifierReading.Accepted(Identifier read)
                    && read.equals(identifier));
  }
}
