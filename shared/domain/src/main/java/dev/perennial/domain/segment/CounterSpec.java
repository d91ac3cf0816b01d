package dev.perennial.domain.segment;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Fingerprint;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one counter counts. Conditions that need the same share it, whatever their windows and
 * bounds.
 *
 * @param property whose values are aggregated; null when events are only counted
 * @param kinds whether different values are told apart, rather than numbers added
 */
record CounterSpec(CounterId id, EventFilter events, @Nullable String property, boolean kinds) {

  /** The counter of these events. */
  static CounterSpec of(EventFilter events) {
    return of(events, null, false);
  }

  /** The counter that the condition needs. */
  static CounterSpec of(Condition.OfEvents condition) {
    return of(
        condition.events(), condition.property(), condition.aggregate() == Aggregate.DISTINCT);
  }

  static CounterSpec of(EventFilter events, @Nullable String property, boolean kinds) {
    return new CounterSpec(id(events, property, kinds), events, property, kinds);
  }

  /** What the event, one of {@link #events}, adds. */
  Point point(Event event) {
    Value value = property == null ? null : event.properties().at(property);
    if (kinds) {
      return switch (value) {
        case Value.Text text -> Point.ofKind(Fingerprint.of("\"" + text.text()));
        case Num number -> Point.ofKind(Fingerprint.of(number.number().toString()));
        case Value.Bool bool -> Point.ofKind(Fingerprint.of(String.valueOf(bool.truth())));
        case null, default -> Point.ONE;
      };
    }
    return value instanceof Num number ? Point.of(number.number()) : Point.ONE;
  }

  /**
   * A hash of what is counted, the same in every process and version: 96 bits over parts that each
   * carry their length.
   */
  private static CounterId id(EventFilter events, @Nullable String property, boolean kinds) {
    StringBuilder name = new StringBuilder();
    append(name, events.name());
    append(name, property == null ? "" : (kinds ? "#" : ".") + property);
    for (Map.Entry<String, Comparisons> demand : events.where().entrySet()) {
      append(name, demand.getKey());
      for (Comparison comparison : demand.getValue().all()) {
        append(name, comparison);
      }
    }
    byte[] hash;
    try {
      hash =
          MessageDigest.getInstance("SHA-256")
              .digest(name.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    return new CounterId(HexFormat.of().formatHex(hash, 0, 12));
  }

  private static void append(StringBuilder name, Comparison comparison) {
    switch (comparison) {
      case Comparison.Is is -> append(name, "is", is.expected());
      case Comparison.IsNot isNot -> append(name, "isNot", isNot.expected());
      case Comparison.In in -> append(name, "in", new Value.Items(in.expected()));
      case Comparison.NotIn notIn -> append(name, "notIn", new Value.Items(notIn.expected()));
      case Comparison.Beyond beyond -> append(name, beyond.side().name(), new Num(beyond.bound()));
      case Comparison.Contains contains -> append(name, "contains", contains.part());
      case Comparison.StartsWith starts ->
          append(name, "startsWith", new Value.Text(starts.start()));
      case Comparison.Matches matches ->
          append(name, "matches", new Value.Text(matches.pattern().text()));
      case Comparison.Exists exists -> append(name, "exists", new Value.Bool(exists.present()));
      case Comparison.Before before ->
          append(name, "before", new Value.Text(before.instant().toString()));
      case Comparison.After after ->
          append(name, "after", new Value.Text(after.instant().toString()));
    }
  }

  private static void append(StringBuilder name, String operator, Value operand) {
    append(name, operator);
    append(name, operand);
  }

  private static void append(StringBuilder name, Value value) {
    switch (value) {
      case Value.Text text -> append(name, "\"" + text.text());
      case Num number -> append(name, number.number().toString());
      case Value.Bool bool -> append(name, String.valueOf(bool.truth()));
      case Value.Null _ -> append(name, "null");
      case Value.Items items -> {
        append(name, "[" + items.items().size());
        items.items().forEach(item -> append(name, item));
      }
      case Value.Fields fields -> {
        append(name, "{" + fields.fields().size());
        fields
            .fields()
            .forEach(
                (key, field) -> {
                  append(name, key);
                  append(name, field);
                });
      }
    }
  }

  private static void append(StringBuilder name, String part) {
    name.append(part.length()).append(':').append(part);
  }
}
