package dev.perennial.domain.segment;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A demand on one value: a trait, a property of an event, or a number counted from events.
 *
 * <p>An absent value and {@code null} are alike. They, and values of another type than the demand
 * speaks of, do not meet it, with two exceptions: {@link IsNot} and {@link NotIn} are the exact
 * opposites of {@link Is} and {@link In}. Texts are compared by code point, case included; numbers
 * by value; nothing is converted from one type to another.
 */
public sealed interface Comparison {

  /** Whether the value meets the demand. */
  boolean meets(@Nullable Value value);

  /** The same type and the same value. */
  record Is(Value expected) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return expected.equals(value);
    }
  }

  /** Not {@link Is}. */
  record IsNot(Value expected) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return !expected.equals(value);
    }
  }

  /** One of these. */
  record In(List<Value> expected) implements Comparison {
    public In {
      expected = List.copyOf(expected);
    }

    @Override
    public boolean meets(@Nullable Value value) {
      return value != null && expected.contains(value);
    }
  }

  /** None of these. */
  record NotIn(List<Value> expected) implements Comparison {
    public NotIn {
      expected = List.copyOf(expected);
    }

    @Override
    public boolean meets(@Nullable Value value) {
      return value == null || !expected.contains(value);
    }
  }

  /** A number on that side of a bound. */
  record Beyond(Side side, BigDecimal bound) implements Comparison {
    /** Where the number must be. */
    public enum Side {
      GT,
      GTE,
      LT,
      LTE
    }

    public Beyond {
      bound = new Num(bound).number();
    }

    @Override
    public boolean meets(@Nullable Value value) {
      if (!(value instanceof Num number)) {
        return false;
      }
      int order = number.number().compareTo(bound);
      return switch (side) {
        case GT -> order > 0;
        case GTE -> order >= 0;
        case LT -> order < 0;
        case LTE -> order <= 0;
      };
    }
  }

  /** A text with that text in it, or a list with that value in it. */
  record Contains(Value part) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return switch (value) {
        case Text text -> part instanceof Text sought && text.text().contains(sought.text());
        case Items list -> list.items().contains(part);
        case null, default -> false;
      };
    }
  }

  /** A text that begins so. */
  record StartsWith(String start) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return value instanceof Text text && text.text().startsWith(start);
    }
  }

  /** A text that the pattern describes as a whole. */
  record Matches(TextPattern pattern) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return value instanceof Text text && pattern.matches(text.text());
    }
  }

  /** Present, or absent. */
  record Exists(boolean present) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      return present == (value != null && !(value instanceof Null));
    }
  }

  /**
   * A text that is an ISO-8601 instant with its offset, or a date, meaning its beginning in UTC,
   * strictly before that instant.
   */
  record Before(Instant instant) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      Instant at = instantOf(value);
      return at != null && at.isBefore(instant);
    }
  }

  /** As {@link Before}, strictly after. */
  record After(Instant instant) implements Comparison {
    @Override
    public boolean meets(@Nullable Value value) {
      Instant at = instantOf(value);
      return at != null && at.isAfter(instant);
    }
  }

  private static @Nullable Instant instantOf(@Nullable Value value) {
    if (!(value instanceof Text text)) {
      return null;
    }
    try {
      return text.text().length() == "2026-01-31".length()
          ? LocalDate.parse(text.text()).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text.text()).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
