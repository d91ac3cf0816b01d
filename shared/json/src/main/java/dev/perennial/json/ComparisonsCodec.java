package dev.perennial.json;

import dev.perennial.domain.segment.Comparison;
import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Comparisons as teams write them: {@code {"gte":18,"lt":65}}. */
final class ComparisonsCodec {

  private static final int MOST_VALUES = 1000;
  private static final int LONGEST_TEXT = 1024;

  private ComparisonsCodec() {}

  /** All fields of the object but those of these names. */
  static Comparisons read(JsonObject object, String... besides) {
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : object.fields().fields().keySet()) {
      if (!List.of(besides).contains(name)) {
        comparisons.add(read(object, name));
      }
    }
    if (comparisons.isEmpty()) {
      throw object.invalid("must have a comparison, such as \"is\" or \"gte\"");
    }
    return new Comparisons(comparisons);
  }

  /** Comparisons that a number can meet. */
  static Comparisons readOfNumber(JsonNode node) {
    JsonObject object = node.object();
    for (Map.Entry<String, Value> field : object.fields().fields().entrySet()) {
      JsonNode operand = new JsonNode(field.getValue(), object.pointer(field.getKey()));
      switch (field.getKey()) {
        case "is", "isNot", "gt", "gte", "lt", "lte" -> operand.number();
        case "in", "notIn" -> operand.list().forEach(JsonNode::number);
        case "exists" -> operand.truth();
        default -> throw operand.invalid("is no comparison of numbers");
      }
    }
    return read(object);
  }

  static Fields write(Comparisons comparisons) {
    Map<String, Value> fields = new LinkedHashMap<>();
    comparisons.all().forEach(comparison -> put(fields, comparison));
    return new Fields(fields);
  }

  private static Comparison read(JsonObject object, String name) {
    JsonNode operand = object.required(name);
    return switch (name) {
      case "is" -> new Comparison.Is(simple(operand));
      case "isNot" -> new Comparison.IsNot(simple(operand));
      case "in" -> new Comparison.In(list(operand));
      case "notIn" -> new Comparison.NotIn(list(operand));
      case "gt" -> new Beyond(Side.GT, operand.number());
      case "gte" -> new Beyond(Side.GTE, operand.number());
      case "lt" -> new Beyond(Side.LT, operand.number());
      case "lte" -> new Beyond(Side.LTE, operand.number());
      case "contains" -> new Comparison.Contains(simple(operand));
      case "startsWith" -> new Comparison.StartsWith(operand.text(LONGEST_TEXT));
      case "exists" -> new Comparison.Exists(operand.truth());
      case "before" -> new Comparison.Before(instant(operand));
      case "after" -> new Comparison.After(instant(operand));
      case "matches" -> new Comparison.Matches(Re2Pattern.read(operand));
      default -> throw new InvalidDocument(object.pointer(name), "is not known here");
    };
  }

  private static void put(Map<String, Value> fields, Comparison comparison) {
    switch (comparison) {
      case Comparison.Is is -> fields.put("is", is.expected());
      case Comparison.IsNot isNot -> fields.put("isNot", isNot.expected());
      case Comparison.In in -> fields.put("in", new Items(in.expected()));
      case Comparison.NotIn notIn -> fields.put("notIn", new Items(notIn.expected()));
      case Beyond beyond -> fields.put(JsonNode.name(beyond.side()), new Num(beyond.bound()));
      case Comparison.Contains contains -> fields.put("contains", contains.part());
      case Comparison.StartsWith starts -> fields.put("startsWith", new Text(starts.start()));
      case Comparison.Matches matches -> fields.put("matches", new Text(matches.pattern().text()));
      case Comparison.Exists exists -> fields.put("exists", new Bool(exists.present()));
      case Comparison.Before before -> fields.put("before", new Text(before.instant().toString()));
      case Comparison.After after -> fields.put("after", new Text(after.instant().toString()));
    }
  }

  private static List<Value> list(JsonNode node) {
    List<JsonNode> nodes = node.list();
    if (nodes.isEmpty() || nodes.size() > MOST_VALUES) {
      throw node.invalid("must have 1 to " + MOST_VALUES + " values");
    }
    return nodes.stream().map(ComparisonsCodec::simple).toList();
  }

  private static Value simple(JsonNode node) {
    return switch (node.value()) {
      case Text _ -> new Text(node.text(LONGEST_TEXT));
      case Num number -> number;
      case Bool bool -> bool;
      case Null _, Items _, Fields _ ->
          throw node.invalid("must be a text, a number, true or false");
    };
  }

  private static Instant instant(JsonNode node) {
    String text = node.text();
    if (text.length() != "2026-01-31".length()) {
      return node.instant();
    }
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw node.invalid("must be a date, or an instant such as 2026-11-01T09:30:00Z");
    }
  }
}
