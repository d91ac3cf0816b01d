package dev.perennial.json;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.segment.Portraits;
import dev.perennial.domain.segment.References;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.Rules;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.domain.segment.Segment;
import dev.perennial.domain.segment.Segment.Change;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.domain.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the event path makes of the definitions that are live. */
public final class LiveDefinitions {

  private LiveDefinitions() {}

  /** Of the bytes of {@link Live}; counts up when they, or the rules that are shipped, change. */
  public static final int FORMAT = 2;

  /**
   * What the event path makes of the definitions.
   *
   * @param listenedEvents names of the tracked events that a live journey listens to
   */
  public record Live(Segments segments, Set<String> listenedEvents) {
    public Live {
      listenedEvents = Set.copyOf(listenedEvents);
    }
  }

  /** Where it comes from. */
  record Sources(
      List<Definition> segments,
      List<Definition> traits,
      Fields lifecycle,
      Optional<Fields> cuts,
      Set<String> listenedEvents) {

    static Sources of(Definitions definitions) {
      List<Definition> segments = definitions.list(Kind.SEGMENT);
      List<Definition> traits = definitions.list(Kind.TRAIT);
      Optional<Definition> stages = definitions.find(Kind.SETTINGS, RulesCodec.LIFECYCLE);
      ChangedRules rules = ChangedRules.of(stages, traits, segments);
      return new Sources(
          segments.stream().map(rules::edited).toList(),
          traits,
          RulesCodec.lifecycle(stages),
          definitions.find(Kind.SCORES, ScoreCustomers.CUTS).map(Definition::document),
          LiveDefinitions.listenedEvents(definitions));
    }

    /**
     * @param former what was counted before
     */
    Live live(Counters former) {
      Rfm rfm = cuts.map(RfmCodec::read).orElse(null);
      Rules rules = RulesCodec.read(lifecycle, traits, segments);
      return new Live(
          Segments.of(LiveDefinitions.live(segments, rules, rfm), rfm, former), listenedEvents);
    }
  }

  /**
   * What lives, read from its bytes when there are any of this version of the catalog, or newer;
   * else from the definitions, and its bytes are handed over for whoever needs it next.
   *
   * @param version of the catalog, read before this: at worst older than what it stands for
   * @param store of the bytes of format {@link #FORMAT}
   */
  public static Live live(Definitions definitions, long version, CompactCatalogs store) {
    Optional<byte[]> stored = store.find(version);
    if (stored.isPresent()) {
      return CompactCatalog.read(stored.get());
    }
    Sources sources = Sources.of(definitions);
    Live live =
        sources.live(store.counted().map(CompactCatalog::readCounters).orElse(Counters.NONE));
    CompactCatalog.write(sources, live.segments())
        .ifPresent(
            bytes ->
                store.put(
                    version, bytes, CompactCatalog.writeCounters(live.segments().counters())));
    return live;
  }

  /** What evaluating a profile must know. */
  public static Segments segments(Definitions definitions) {
    return Sources.of(definitions).live(Counters.NONE).segments();
  }

  /** What showing a profile must know: tags, and the segments that they lead to. */
  public static Portraits portraits(Definitions definitions) {
    Rfm rfm = rfm(definitions);
    List<Definition> stored = definitions.list(Kind.SEGMENT);
    Rules rules = RulesCodec.read(definitions, stored);
    Map<SegmentId, Definition> byId = new HashMap<>();
    stored.forEach(definition -> byId.put(new SegmentId(definition.id()), definition));
    Map<SegmentId, Segment> shown = new HashMap<>();
    Deque<SegmentId> open = new ArrayDeque<>();
    rules.tags().keySet().forEach(name -> open.add(SegmentId.ofTag(name)));
    while (!open.isEmpty()) {
      SegmentId id = open.pop();
      Definition definition = byId.get(id);
      Rules.Tag shipped = id.isTag() ? rules.tags().get(id.name()) : null;
      Segment segment =
          definition != null
              ? segment(definition, rules::resolve, rfm)
              : shipped != null ? new Segment(id, rules.resolve(shipped.where()), null) : null;
      if (segment != null && shown.putIfAbsent(id, segment) == null) {
        open.addAll(References.of(segment.where()));
      }
    }
    return new Portraits(shown.values(), rfm, rules, byId.keySet());
  }

  /** The same, with one more segment. */
  public static Segments segments(Definitions definitions, SegmentId id, Condition condition) {
    Rfm rfm = rfm(definitions);
    List<Definition> stored = definitions.list(Kind.SEGMENT);
    Rules rules = RulesCodec.read(definitions, stored);
    List<Segment> all = live(stored, rules, rfm);
    all.add(new Segment(id, rules.resolve(condition), null));
    return Segments.of(all, rfm);
  }

  /** Who is told of memberships. */
  public static List<Webhook> webhooks(Definitions definitions) {
    return definitions.list(Kind.WEBHOOK).stream()
        .map(webhook -> WebhookCodec.read(webhook.id(), webhook.document()))
        .toList();
  }

  private static @Nullable Rfm rfm(Definitions definitions) {
    return definitions
        .find(Kind.SCORES, ScoreCustomers.CUTS)
        .map(cuts -> RfmCodec.read(cuts.document()))
        .orElse(null);
  }

  private static List<Segment> live(List<Definition> stored, Rules rules, @Nullable Rfm rfm) {
    List<Segment> live = new ArrayList<>();
    stored.forEach(definition -> live.add(segment(definition, rules::resolve, rfm)));
    return live;
  }

  /** The conditions of all segments and of the tags that rules give, with what their words mean. */
  public static Map<SegmentId, Condition> conditions(Definitions definitions) {
    List<Definition> stored = definitions.list(Kind.SEGMENT);
    return conditions(stored, RulesCodec.read(definitions, stored));
  }

  private static Map<SegmentId, Condition> conditions(List<Definition> stored, Rules rules) {
    Map<SegmentId, Condition> conditions = new LinkedHashMap<>();
    for (Definition segment : stored) {
      conditions.put(new SegmentId(segment.id()), rules.resolve(condition(segment)));
    }
    return conditions;
  }

  /**
   * What is wrong with what a condition refers to, if it is to be that of the segment; empty when
   * all is well.
   */
  public static Optional<String> problem(
      Definitions definitions, SegmentId segment, Condition condition) {
    List<Definition> stored = definitions.list(Kind.SEGMENT);
    Rules rules = RulesCodec.read(definitions, stored);
    return References.problem(segment, rules.resolve(condition), conditions(stored, rules));
  }

  /** What is wrong with what the conditions of stages refer to, if they are to hold, by stage. */
  public static Map<CustomerStage, String> problems(
      Definitions definitions, LifecycleCodec.Lifecycle lifecycle) {
    Rules rules = RulesCodec.read(definitions, definitions.list(Kind.SEGMENT));
    Map<CustomerStage, String> problems = new EnumMap<>(CustomerStage.class);
    lifecycle
        .stages()
        .forEach(
            (stage, condition) ->
                References.unknown(rules.resolve(condition))
                    .ifPresent(problem -> problems.put(stage, problem)));
    return problems;
  }

  /** The condition of a segment or tag as the team wrote it. */
  public static Condition condition(Definition definition) {
    return condition(new SegmentId(definition.id()), definition.document());
  }

  /** The condition that the document of the segment or tag of that id holds. */
  public static Condition condition(SegmentId id, Fields document) {
    return id.isTag() ? SegmentCodec.readTag(document) : SegmentCodec.read(document);
  }

  /** The segment that is defined so, with the meaning of its words. */
  static Segment segment(
      Definition definition, UnaryOperator<Condition> meaning, @Nullable Rfm rfm) {
    Condition condition = meaning.apply(condition(definition));
    // Cuts that were made after a segment change it as an edit does.
    Instant at =
        rfm != null && rfm.at().isAfter(definition.at()) && Segments.asksForScores(condition)
            ? rfm.at()
            : definition.at();
    return new Segment(
        new SegmentId(definition.id()),
        condition,
        switch (definition.status()) {
          case BackfillSegment.BACKFILLING -> new Change(at, Cause.BACKFILL);
          case BackfillSegment.EDITING -> new Change(at, Cause.EDIT);
          default -> null;
        },
        definition.first());
  }

  private static Set<String> listenedEvents(Definitions definitions) {
    Set<String> events = new HashSet<>(Set.of(ConsentCodec.EVENT));
    for (Definition journey : definitions.list(Kind.JOURNEY)) {
      if (journey.status().equals(Definition.LIVE)) {
        launched(definitions, journey)
            .map(document -> document.at("trigger.event"))
            .ifPresent(
                event -> {
                  if (event instanceof Text name) {
                    events.add(name.text());
                  }
                });
      }
    }
    return events;
  }

  /** The document of the journey's version that runs, of a journey that was launched. */
  public static Optional<Fields> launched(Definitions definitions, Definition journey) {
    return journey.launched() == 0 || journey.launched() == journey.version()
        ? Optional.of(journey.document())
        : definitions
            .find(Kind.JOURNEY, journey.id(), journey.launched())
            .map(Definition::document);
  }
}
