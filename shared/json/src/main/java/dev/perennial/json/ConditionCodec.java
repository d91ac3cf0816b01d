package dev.perennial.json;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Tier;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Conditions as teams write them. What is read and written again means the same; a condition is at
 * most {@value #DEPTH} levels deep and asks at most {@value #LEAVES} questions.
 */
public final class ConditionCodec {

  private static final int DEPTH = 10;
  private static final int LEAVES = 100;
  private static final int LONGEST_NAME = 256;
  private static final String TODAY = "today";
  private static final String UNKNOWN = "unknown";

  /** Two years, a leap day included. */
  private static final Duration LONGEST = Duration.ofDays(731);

  private static final Comparisons AT_LEAST_ONE =
      Comparisons.of(new Beyond(Side.GTE, BigDecimal.ONE));

  /** Forms by the field that tells them, the more telling first. */
  private static final List<String> FORMS =
      List.of(
          "all",
          "any",
          "not",
          "trait",
          "tag",
          "event",
          "sequence",
          "inactive",
          "date",
          "lifecycle",
          "stage",
          "computed",
          "tier",
          "rfm",
          "channel",
          "consent",
          "segment");

  /** How many steps a sequence has at most. */
  private static final int STEPS = 8;

  private int leaves;

  private ConditionCodec() {}

  /**
   * The condition of a document.
   *
   * @throws InvalidDocument when it is none
   */
  public static Condition read(JsonNode node) {
    return new ConditionCodec().read(node, 1);
  }

  /** The field that tells the form of the condition: {@code all}, {@code any}, {@code not}… */
  static Text form(Condition condition) {
    return new Text(write(condition).fields().keySet().iterator().next());
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
      case Condition.OfTag tag -> {
        fields.put("tag", new Text(tag.name()));
        if (!tag.is().equals(Comparisons.THERE)) {
          fields.putAll(ComparisonsCodec.write(tag.is()).fields());
        }
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
      case Condition.Sequence sequence -> {
        fields.put(
            "sequence", new Items(sequence.steps().stream().map(EventsCodec::step).toList()));
        if (sequence.within() != null) {
          put(fields, "within", sequence.within());
        }
      }
      case Condition.NotFollowedBy left -> {
        put(fields, left.events());
        fields.put("notFollowedBy", EventsCodec.step(left.by()));
        put(fields, "within", left.within());
      }
      case Condition.OfDate date -> put(fields, date);
      case Condition.InLifecycle in ->
          fields.put("lifecycle", new Text(JsonNode.name(in.lifecycle())));
      case Condition.InStage in -> fields.put("stage", new Text(JsonNode.name(in.stage())));
      case Condition.OfComputed of -> {
        fields.put("computed", new Text(of.name()));
        fields.putAll(ComparisonsCodec.write(of.is()).fields());
      }
      case Condition.InTier in -> fields.put("tier", new Text(tier(in.tier())));
      case Condition.OfRfm of -> {
        Map<String, Value> scores = new LinkedHashMap<>();
        of.is()
            .forEach((score, is) -> scores.put(JsonNode.name(score), ComparisonsCodec.write(is)));
        fields.put("rfm", new Fields(scores));
      }
      case Condition.Reachable reachable -> {
        fields.put("channel", new Text(JsonNode.name(reachable.channel())));
        fields.put("reachable", new Bool(reachable.reachable()));
      }
      case Condition.OfConsent consent -> {
        Map<String, Value> about = new LinkedHashMap<>();
        about.put("channel", new Text(JsonNode.name(consent.channel())));
        about.put("topic", new Text(consent.topic()));
        fields.put("consent", new Fields(about));
        Decision decision = consent.decision();
        fields.put("is", new Text(decision == null ? UNKNOWN : JsonNode.name(decision)));
      }
      case Condition.Imported _ -> fields.put("imported", new Bool(true));
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
          case "tag" -> {
            String name = object.required(form).text(LONGEST_NAME);
            boolean plain = object.fields().fields().size() == 1;
            yield new Condition.OfTag(
                name, plain ? Comparisons.THERE : ComparisonsCodec.read(object, form));
          }
          case "event" -> ofEvents(object);
          case "sequence" -> sequence(object);
          case "date" -> ofDate(object);
          case "lifecycle" ->
              new Condition.InLifecycle(object.required(form).choice(Lifecycle.class));
          case "stage" -> new Condition.InStage(object.required(form).choice(CustomerStage.class));
          case "computed" -> {
            String name = object.required(form).text(LONGEST_NAME);
            yield new Condition.OfComputed(name, ComparisonsCodec.read(object, form));
          }
          case "tier" -> new Condition.InTier(tier(object.required(form)));
          case "rfm" -> ofRfm(object.required(form));
          case "channel" ->
              new Condition.Reachable(
                  object.required(form).choice(Channel.class),
                  object.required("reachable").truth());
          case "consent" -> ofConsent(object);
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
    EventFilter events = EventsCodec.read(object);
    Optional<JsonNode> by = object.optional("notFollowedBy");
    if (by.isPresent()) {
      return new Condition.NotFollowedBy(
          events, EventsCodec.readStep(by.get()), duration(object.required("within")));
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

  private static Condition sequence(JsonObject object) {
    JsonNode list = object.required("sequence");
    List<EventFilter> steps = list.list().stream().map(EventsCodec::readStep).toList();
    if (steps.size() < 2 || steps.size() > STEPS) {
      throw list.invalid("must have 2 to " + STEPS + " steps");
    }
    return new Condition.Sequence(
        steps, object.optional("within").map(ConditionCodec::duration).orElse(null));
  }

  private static Condition ofDate(JsonObject object) {
    String trait = object.required("date").text(LONGEST_NAME);
    Optional<JsonNode> is = object.optional("is");
    if (is.isPresent()) {
      if (!is.get().text().equals(TODAY)) {
        throw is.get().invalid("must be today");
      }
      return new Condition.OfDate(trait, 0, true);
    }
    boolean yearly = object.optional("yearly").map(JsonNode::truth).orElse(false);
    Optional<JsonNode> ago = object.optional("daysAgo");
    if (ago.isPresent()) {
      return new Condition.OfDate(trait, days(ago.get()), yearly);
    }
    Optional<JsonNode> in = object.optional("inDays");
    if (in.isPresent()) {
      return new Condition.OfDate(trait, -days(in.get()), yearly);
    }
    throw object.invalid("must have one of is, daysAgo, inDays");
  }

  private static int days(JsonNode node) {
    return (int) node.integer(0, LONGEST.toDays());
  }

  private static Condition ofRfm(JsonNode node) {
    JsonObject object = node.object();
    Map<Dimension, Comparisons> is = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      object
          .optional(JsonNode.name(dimension))
          .ifPresent(score -> is.put(dimension, ComparisonsCodec.readOfNumber(score)));
    }
    object.refuseOthers();
    if (is.isEmpty()) {
      throw node.invalid("must have one of r, f, m");
    }
    return new Condition.OfRfm(is);
  }

  /** {@code long-tail}, as the trade writes it. */
  static String tier(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Tier tier(JsonNode node) {
    String text = node.text();
    return Stream.of(Tier.values())
        .filter(tier -> tier(tier).equals(text))
        .findFirst()
        .orElseThrow(() -> node.invalid("must be one of strategic, potential, long-tail"));
  }

  private static Condition ofConsent(JsonObject object) {
    JsonObject about = object.required("consent").object();
    Channel channel = about.required("channel").choice(Channel.class);
    String topic = about.required("topic").text(LONGEST_NAME);
    about.refuseOthers();
    JsonNode is = object.required("is");
    return new Condition.OfConsent(
        channel, topic, is.text().equals(UNKNOWN) ? null : is.choice(Decision.class));
  }

  /** A duration of at most two years. */
  static Duration duration(JsonNode node) {
    Duration duration = node.duration();
    if (duration.compareTo(LONGEST) > 0) {
      throw node.invalid("must not be longer than two years, " + LONGEST);
    }
    return duration;
  }

  private static InvalidDocument unknown(JsonObject object) {
    return object.invalid("must be a condition: an object with one of " + String.join(", ", FORMS));
  }

  private static Items write(List<Condition> parts) {
    return new Items(parts.stream().<Value>map(ConditionCodec::write).toList());
  }

  private static void put(Map<String, Value> fields, EventFilter events) {
    fields.putAll(EventsCodec.write(events).fields());
  }

  private static void put(Map<String, Value> fields, Condition.OfDate date) {
    fields.put("date", new Text(date.trait()));
    if (date.yearly() && date.days() == 0) {
      fields.put("is", new Text(TODAY));
      return;
    }
    fields.put(date.days() < 0 ? "inDays" : "daysAgo", Num.of(Math.abs(date.days())));
    if (date.yearly()) {
      fields.put("yearly", new Bool(true));
    }
  }

  /** Whole days as days, since {@link Duration#toString} counts in hours. */
  private static void put(Map<String, Value> fields, String name, Duration duration) {
    boolean days = duration.equals(Duration.ofDays(duration.toDays()));
    fields.put(name, new Text(days ? "P" + duration.toDays() + "D" : duration.toString()));
  }
}
