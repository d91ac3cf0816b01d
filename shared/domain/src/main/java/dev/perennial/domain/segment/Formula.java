package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a computed trait follows from numbers that are counted. What lacks a part is absent. */
public sealed interface Formula {

  /** Digits after the point that a computed trait has. */
  int DIGITS = 4;

  /** Never there. */
  record Nothing() implements Formula {}

  /** A number as it is. */
  record Constant(BigDecimal number) implements Formula {}

  /**
   * A number made of events, as {@link Condition.OfEvents} says.
   *
   * @param counter that counts them
   */
  record OfEvents(
      EventFilter events,
      @Nullable Duration within,
      Aggregate aggregate,
      @Nullable String property,
      CounterId counter)
      implements Formula {

    CounterSpec spec() {
      return CounterSpec.of(events, property, aggregate == Aggregate.DISTINCT);
    }
  }

  /** Two formulas in one. What is divided by zero is absent. */
  record Calculation(Operation operation, Formula left, Formula right) implements Formula {}

  /** What is done with two numbers. */
  enum Operation {
    PLUS,
    MINUS,
    TIMES,
    DIVIDE
  }

  /** The formula of the number that these events make. */
  static Formula ofEvents(
      EventFilter events,
      @Nullable Duration within,
      Aggregate aggregate,
      @Nullable String property) {
    CounterId counter = CounterSpec.of(events, property, aggregate == Aggregate.DISTINCT).id();
    return new OfEvents(events, within, aggregate, property, counter);
  }

  /** The numbers of events that it is made of, from left to right. */
  default List<OfEvents> parts() {
    return switch (this) {
      case Nothing _, Constant _ -> List.of();
      case OfEvents events -> List.of(events);
      case Calculation both ->
          Stream.concat(both.left.parts().stream(), both.right.parts().stream()).toList();
    };
  }

  /**
   * The value, rounded to {@value #DIGITS} digits after the point, half away from zero; null when
   * absent.
   *
   * @param numbers that events make
   */
  default @Nullable Value value(Function<OfEvents, @Nullable Value> numbers) {
    BigDecimal exact = exact(numbers);
    return exact == null ? null : new Num(exact.setScale(DIGITS, RoundingMode.HALF_UP));
  }

  private @Nullable BigDecimal exact(Function<OfEvents, @Nullable Value> numbers) {
    return switch (this) {
      case Nothing _ -> null;
      case Constant constant -> constant.number;
      case OfEvents events ->
          numbers.apply(events) instanceof Num(BigDecimal number) ? number : null;
      case Calculation both -> {
        BigDecimal left = both.left.exact(numbers);
        BigDecimal right = both.right.exact(numbers);
        yield left == null || right == null ? null : calculate(both.operation, left, right);
      }
    };
  }

  private static @Nullable BigDecimal calculate(
      Operation operation, BigDecimal left, BigDecimal right) {
    return switch (operation) {
      case PLUS -> left.add(right);
      case MINUS -> left.subtract(right);
      case TIMES -> left.multiply(right, MathContext.DECIMAL128);
      case DIVIDE -> right.signum() == 0 ? null : left.divide(right, MathContext.DECIMAL128);
    };
  }
}
