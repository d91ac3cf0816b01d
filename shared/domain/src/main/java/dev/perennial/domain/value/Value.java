package dev.perennial.domain.value;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in the JSON data model. Numbers are exact decimals, so that sums of money are exact too.
 * Immutable; two values are equal when they print alike, so {@code 1.0} equals {@code 1}.
 */
public sealed interface Value {

  /** How many bytes of JSON it is, about. */
  default long weight() {
    return switch (this) {
      case Text text -> Utf8.length(text.text()) + 2;
      case Num number -> number.number().precision();
      case Bool _, Null _ -> 5;
      case Items items -> items.items().stream().mapToLong(item -> item.weight() + 1).sum();
      case Fields fields ->
          fields.fields().entrySet().stream()
              .mapToLong(field -> Utf8.length(field.getKey()) + 4 + field.getValue().weight())
              .sum();
    };
  }

  /** Text. */
  record Text(String text) implements Value {}

  /** An exact decimal, kept without trailing zeros. */
  record Num(BigDecimal number) implements Value {
    public Num {
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    public static Num of(long number) {
      return new Num(BigDecimal.valueOf(number));
    }
  }

  /** True or false. */
  record Bool(boolean truth) implements Value {}

  /** The explicit {@code null}; as a trait it means "forget this trait". */
  record Null() implements Value {}

  /** An ordered list. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Named values, in the order given. */
  record Fields(Map<String, Value> fields) implements Value {
    public static final Fields EMPTY = new Fields(Map.of());

    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The value of that name, or null when absent. */
    public @Nullable Value get(String name) {
      return fields.get(name);
    }

    /**
     * The value at a dotted path such as {@code address.city}; a field whose own name has dots
     * wins. Null when absent.
     */
    public @Nullable Value at(String path) {
      Value direct = fields.get(path);
      if (direct != null) {
        return direct;
      }
      int dot = path.indexOf('.');
      return dot > 0 && fields.get(path.substring(0, dot)) instanceof Fields nested
          ? nested.at(path.substring(dot + 1))
          : null;
    }

    /** The text of that name, or null when absent or no text. */
    public @Nullable String text(String name) {
      return fields.get(name) instanceof Text text ? text.text() : null;
    }

    public boolean isEmpty() {
      return fields.isEmpty();
    }
  }
}
