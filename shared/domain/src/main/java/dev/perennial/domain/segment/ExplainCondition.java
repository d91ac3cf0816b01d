package dev.perennial.domain.segment;

import dev.perennial.domain.profile.Span;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells which parts of a condition decided for a person at one moment. */
final class ExplainCondition {

  private final Function<Condition, Question> compiler;
  private final Function<SegmentId, @Nullable Segment> segments;
  private final Moment moment;

  /** The segments that were explained: each is once, however many refer to it. */
  private final Set<SegmentId> opened = new HashSet<>();

  ExplainCondition(
      Function<Condition, Question> compiler,
      Function<SegmentId, @Nullable Segment> segments,
      Moment moment) {
    this.compiler = compiler;
    this.segments = segments;
    this.moment = moment;
  }

  /** The explanation of a condition that decides by itself. */
  Explanation explain(Condition condition) {
    return explain(condition, true);
  }

  private Explanation explain(Condition condition, boolean decided) {
    boolean holds = holds(condition);
    List<Condition> parts = parts(condition);
    boolean expected = condition instanceof Condition.Not != holds;
    boolean some = parts.stream().anyMatch(part -> holds(part) == expected);
    return new Explanation(
        condition,
        holds,
        decided,
        found(condition),
        parts.stream()
            .map(part -> explain(part, decided && (!some || holds(part) == expected)))
            .toList());
  }

  private boolean holds(Condition condition) {
    return compiler.apply(condition).holds(moment);
  }

  private List<Condition> parts(Condition condition) {
    return switch (condition) {
      case Condition.All all -> all.parts();
      case Condition.Any any -> any.parts();
      case Condition.Not not -> List.of(not.part());
      case Condition.InSegment other -> {
        Segment segment = segments.apply(other.segment());
        yield segment != null && opened.add(other.segment()) ? List.of(segment.where()) : List.of();
      }
      case Condition.OfTag tag ->
          // What a rule would say of a tag that was given by hand decides nothing.
          moment.facts().tags().containsKey(tag.name()) || isGivenByHandOnly(tag)
              ? List.of()
              : List.of(tag.given());
      case Condition.InStage in -> List.of(in.meaning());
      case Condition.OfTrait _,
          Condition.OfComputed _,
          Condition.OfEvents _,
          Condition.LastBefore _,
          Condition.FirstBefore _,
          Condition.Inactive _,
          Condition.Sequence _,
          Condition.NotFollowedBy _,
          Condition.OfDate _,
          Condition.InLifecycle _,
          Condition.InTier _,
          Condition.OfRfm _,
          Condition.Reachable _,
          Condition.OfConsent _,
          Condition.Imported _ ->
          List.of();
    };
  }

  private static boolean isGivenByHandOnly(Condition.OfTag tag) {
    return tag.equals(new Condition.OfTag(tag.name(), tag.is()));
  }

  private @Nullable Value found(Condition condition) {
    Facts facts = moment.facts();
    return switch (condition) {
      case Condition.OfTrait trait -> facts.traits().get(trait.name());
      case Condition.OfComputed of -> OfComputed.value(of.formula(), moment);
      case Condition.OfDate date -> facts.traits().get(date.trait());
      case Condition.OfTag tag -> facts.tags().get(tag.name());
      case Condition.OfEvents events ->
          Window.number(
              points(CounterSpec.of(events)), events.within(), moment.now(), events.aggregate());
      case Condition.LastBefore last -> text(points(last.events()).floorKey(moment.now()));
      case Condition.NotFollowedBy left -> text(points(left.events()).floorKey(moment.now()));
      case Condition.FirstBefore first -> {
        NavigableMap<Instant, Series.Point> points = points(first.events());
        yield points.isEmpty() ? null : text(points.firstKey());
      }
      case Condition.Inactive _ -> text(facts.lastSeen());
      case Condition.InLifecycle in -> {
        Span seen = facts.seen();
        yield seen == null ? null : text(in.rules().at(seen.first(), seen.last(), moment.now()));
      }
      case Condition.OfConsent consent ->
          facts
              .permissions()
              .decision(consent.channel(), consent.topic())
              .map(ExplainCondition::text)
              .orElse(null);
      case Condition.InTier _, Condition.OfRfm _ -> {
        Orders orders = Orders.of(moment);
        yield orders == null ? null : Num.of(orders.count());
      }
      case Condition.All _,
          Condition.Any _,
          Condition.Not _,
          Condition.InSegment _,
          Condition.InStage _,
          Condition.Sequence _,
          Condition.Reachable _,
          Condition.Imported _ ->
          null;
    };
  }

  private NavigableMap<Instant, Series.Point> points(EventFilter events) {
    return points(CounterSpec.of(events));
  }

  private NavigableMap<Instant, Series.Point> points(CounterSpec spec) {
    return moment.series(spec.id()).points();
  }

  private static @Nullable Value text(@Nullable Instant at) {
    return at == null ? null : new Text(Objects.toString(at));
  }

  private static Value text(Enum<?> choice) {
    return new Text(choice.name().toLowerCase(Locale.ROOT));
  }
}
