package dev.perennial.json;

import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Conditions as teams write them. What is read and written again means the same; a condition is at
 * most {@value #DEPTH} levels deep and asks at most {@value #LEAVES} questions.
 */
public final class ConditionCodec {

  private static final int DEPTH = 10;
  private static final int LEAVES = 100;
  private static final int LONGEST_NAME = 256;
  private static final int MOST_PROPERTIES = 20;

  /** Two years, a leap day included. */
  private static final Duration LONGEST = Duration.ofDays(731);

  private static final Comparisons AT_LEAST_ONE =
      Comparisons.of(new Beyond(Side.GTE, BigDecimal.ONE));

  /** Forms by the field that tells them, the more telling first. */
  private static final List<String> FORMS =
      List.of("all", "any", "not", "trait", "event", "inactive", "segment");

  private static final List<String> LATER_FORMS =
      List.of("sequence", "date", "lifecycle", "tag", "tier", "rfm", "channel", "consent");

  private int leaves;

  private ConditionCodec() {}

  /**
   * The condition of a document.
   *
   * @throws InvalidDocument when it is none, or of a form that is not supported yet
   */
  public static Condition read(JsonNode node) {
    return new ConditionCodec().read(node, 1);
  }

  /** The condition as a document. */
  public static Fields write(Condition condition) {
    Map<String, Value> fields = new LinkedHashMap<>();
    switch (condition) {
      case Condition.All all -> fields.put("all", write(all.parts()));
      case Condition.Any any -> fields.put("any", write(any.parts()));
      case Condition.Not not -> fields.put("not", write(not.part()));
      case Condition.OfTrait trait -> {
        fields.put("trait", new Text(trait.name()));
        fields.putAll(ComparisonsCodec.write(trait.is()).fields());
      }
      case Condition.OfEvents events -> {
        put(fields, events.events());
        if (events.within() != null) {
          put(fields, "within", events.within());
        }
        if (events.property() == null) {
          fields.put("count", ComparisonsCodec.write(events.is()));
        } else {
          fields.put(JsonNode.name(events.aggregate()), new Text(events.property()));
          fields.put("is", ComparisonsCodec.write(events.is()));
        }
      }
      case Condition.LastBefore last -> {
        put(fields, last.events());
        put(fields, "lastBefore", last.age());
      }
      case Condition.FirstBefore first -> {
        put(fields, first.events());
        put(fields, "firstBefore", first.age());
      }
      case Condition.Inactive inactive -> put(fields, "inactive", inactive.age());
      case Condition.InSegment other -> fields.put("segment", new Text(other.segment().value()));
    }
    return new Fields(fields);
  }

  private Condition read(JsonNode node, int depth) {
    if (depth > DEPTH) {
      throw node.invalid("is more than " + DEPTH + " levels deep");
    }
    JsonObject object = node.object();
    String form = FORMS.stream().filter(object::has).findFirst().orElseThrow(() -> unknown(object));
    boolean leaf = !List.of("all", "any", "not").contains(form);
    if (leaf && ++leaves > LEAVES) {
      throw node.invalid("is one question more than the " + LEAVES + " that are allowed");
    }
    Condition condition =
        switch (form) {
          case "all" -> new Condition.All(parts(object.required(form), depth));
          case "any" -> new Condition.Any(parts(object.required(form), depth));
          case "not" -> new Condition.Not(read(object.required(form), depth + 1));
          case "trait" -> {
            String name = object.required(form).text(LONGEST_NAME);
            yield new Condition.OfTrait(name, ComparisonsCodec.read(object, form));
          }
          case "event" -> ofEvents(object);
          case "inactive" -> new Condition.Inactive(duration(object.required(form)));
          case "segment" ->
              new Condition.InSegment(new SegmentId(object.required(form).text(LONGEST_NAME)));
          default -> throw new IllegalStateException(form);
        };
    object.refuseOthers();
    return condition;
  }

  private List<Condition> parts(JsonNode list, int depth) {
    List<JsonNode> nodes = list.list();
    if (nodes.isEmpty()) {
      throw list.invalid("must have at least one condition");
    }
    List<Condition> parts = new ArrayList<>(nodes.size());
    for (JsonNode node : nodes) {
      parts.add(read(node, depth + 1));
    }
    return parts;
  }

  private static Condition ofEvents(JsonObject object) {
    EventFilter events = events(object);
    for (String later : List.of("notFollowedBy", "distinct")) {
      if (object.has(later)) {
        throw notYet(object, later);
      }
    }
    Optional<JsonNode> last = object.optional("lastBefore");
    if (last.isPresent()) {
      return new Condition.LastBefore(events, duration(last.get()));
    }
    Optional<JsonNode> first = object.optional("firstBefore");
    if (first.isPresent()) {
      return new Condition.FirstBefore(events, duration(first.get()));
    }
    Duration within = object.optional("within").map(ConditionCodec::duration).orElse(null);
    for (Aggregate aggregate : Aggregate.values()) {
      String name = JsonNode.name(aggregate);
      if (aggregate != Aggregate.COUNT && object.has(name)) {
        String property = object.required(name).text(LONGEST_NAME);
        Comparisons is = ComparisonsCodec.readOfNumber(object.required("is"));
        return new Condition.OfEvents(events, within, aggregate, property, is);
      }
    }
    Comparisons count =
        object.optional("count").map(ComparisonsCodec::readOfNumber).orElse(AT_LEAST_ONE);
    return new Condition.OfEvents(events, within, Aggregate.COUNT, null, count);
  }

  /** The field {@code event} and, when there is one, {@code where}. */
  static EventFilter events(JsonObject object) {
    String name = object.required("event").text(LONGEST_NAME);
    return new EventFilter(
        name, object.optional("where").map(ConditionCodec::where).orElse(Map.of()));
  }

  private static Map<String, Comparisons> where(JsonNode node) {
    JsonObject object = node.object();
    if (object.fields().fields().size() > MOST_PROPERTIES) {
      throw node.invalid("must not name more than " + MOST_PROPERTIES + " properties");
    }
    Map<String, Comparisons> where = new TreeMap<>();
    for (String property : object.fields().fields().keySet()) {
      where.put(property, ComparisonsCodec.read(object.required(property).object()));
    }
    return where;
  }

  private static Duration duration(JsonNode node) {
    Duration duration = node.duration();
    if (duration.compareTo(LONGEST) > 0) {
      throw node.invalid("must not be longer than two years, " + LONGEST);
    }
    return duration;
  }

  private static InvalidDocument unknown(JsonObject object) {
    for (String later : LATER_FORMS) {
      if (object.has(later)) {
        return notYet(object, later);
      }
    }
    return object.invalid("must be a condition: an object with one of " + String.join(", ", FORMS));
  }

  private static InvalidDocument notYet(JsonObject object, String form) {
    return new InvalidDocument(
        object.pointer(form), "conditions of the form " + form + " are not supported yet");
  }

  private static Items write(List<Condition> parts) {
    return new Items(parts.stream().<Value>map(ConditionCodec::write).toList());
  }

  private static void put(Map<String, Value> fields, EventFilter events) {
    fields.put("event", new Text(events.name()));
    if (!events.where().isEmpty()) {
      Map<String, Value> where = new LinkedHashMap<>();
      events.where().forEach((name, is) -> where.put(name, ComparisonsCodec.write(is)));
      fields.put("where", new Fields(where));
    }
  }

  /** Whole days as days, since {@link Duration#toString} counts in hours. */
  private static void put(Map<String, Value> fields, String name, Duration duration) {
    boolean days = duration.equals(Duration.ofDays(duration.toDays()));
    fields.put(name, new Text(days ? "P" + duration.toDays() + "D" : duration.toString()));
  }
}
