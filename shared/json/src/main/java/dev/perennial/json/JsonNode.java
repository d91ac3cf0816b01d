package dev.perennial.json;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A value in a document and where it stands. Each reading either has the asked kind or throws
 * {@link InvalidDocument} with the pointer.
 *
 * @param pointer JSON pointer, empty for the document itself
 */
public record JsonNode(Value value, String pointer) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** The document itself. */
  public static JsonNode root(Value document) {
    return new JsonNode(document, "");
  }

  public JsonObject object() {
    if (value instanceof Fields fields) {
      return new JsonObject(fields, pointer);
    }
    throw wrong("an object");
  }

  /** A text, possibly empty. */
  public String text() {
    if (value instanceof Text text) {
      return text.text();
    }
    throw wrong("a text");
  }

  /** A text of 1 to {@code longest} characters. */
  public String text(int longest) {
    String text = text();
    if (text.isEmpty() || text.length() > longest) {
      throw invalid("must have 1 to " + longest + " characters");
    }
    return text;
  }

  /** A text of 1 to {@code longest} characters, none of which is a control character. */
  public String line(int longest) {
    String line = text(longest);
    if (line.chars().anyMatch(Character::isISOControl)) {
      throw invalid("must have no control characters");
    }
    return line;
  }

  public boolean truth() {
    if (value instanceof Bool bool) {
      return bool.truth();
    }
    throw wrong("true or false");
  }

  public BigDecimal number() {
    if (value instanceof Num number) {
      return number.number();
    }
    throw wrong("a number");
  }

  /** A whole number from {@code least} to {@code most}. */
  public long integer(long least, long most) {
    BigDecimal number = number();
    boolean within =
        number.scale() <= 0
            && number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!within) {
      throw invalid("must be a whole number from " + least + " to " + most);
    }
    return number.longValueExact();
  }

  /**
   * An ISO-8601 duration of days, hours, minutes and seconds, above zero and at most 36,500 days,
   * such as {@code P30D}.
   */
  public Duration duration() {
    String text = text();
    try {
      Duration duration = Duration.parse(text);
      if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeException e) {
      // Said below, as for a duration out of range.
    }
    throw invalid(
        "must be an ISO-8601 duration above zero in days, hours, minutes and seconds, such as P30D"
            + " or PT2H; months and years are not equally long");
  }

  /** An ISO-8601 instant with its offset, such as {@code 2026-11-01T09:30:00Z}. */
  public Instant instant() {
    String text = text();
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw invalid("must be an ISO-8601 instant, such as 2026-11-01T09:30:00Z");
    }
  }

  /**
   * A constant of the enum, written in lower camel case: {@code AFTER_EXIT} is {@code afterExit}.
   */
  public <E extends Enum<E>> E choice(Class<E> type) {
    String text = text();
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (name(constant).equals(text)) {
        return constant;
      }
      names.add(name(constant));
    }
    throw invalid("must be one of " + String.join(", ", names));
  }

  /** How {@link #choice} writes the constant. */
  public static String name(Enum<?> constant) {
    StringBuilder name = new StringBuilder(constant.name().toLowerCase(Locale.ROOT));
    for (int at = name.indexOf("_"); at >= 0; at = name.indexOf("_")) {
      name.deleteCharAt(at);
      name.setCharAt(at, Character.toUpperCase(name.charAt(at)));
    }
    return name.toString();
  }

  /** A list, possibly empty. */
  public List<JsonNode> list() {
    if (!(value instanceof Items items)) {
      throw wrong("a list");
    }
    List<JsonNode> nodes = new ArrayList<>(items.items().size());
    for (Value item : items.items()) {
      nodes.add(new JsonNode(item, pointer + "/" + nodes.size()));
    }
    return nodes;
  }

  /** The fault to throw when the value is wrong for a reason that only the caller knows. */
  public InvalidDocument invalid(String detail) {
    return new InvalidDocument(pointer, detail);
  }

  private InvalidDocument wrong(String expected) {
    return invalid("must be " + expected + ", not " + Json.kind(value));
  }
}
