package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Span;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Tier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of conditions for one person, straight from their description and the raw history.
 *
 * @param conditions of the segments that others refer to, which may come later
 * @param events of the person, in no order
 * @param zone where the person lives
 * @param tagged whether the team gave the person each tag
 * @param channels by which the person can be reached
 * @param rfm cuts between fifths of the customers; null when nobody was scored yet
 */
record PlainSegments(
    Map<SegmentId, Condition> conditions,
    List<Event> events,
    ZoneId zone,
    boolean tagged,
    Set<Channel> channels,
    @Nullable Rfm rfm) {

  /** Whether the condition holds for the person then. */
  boolean answer(Condition condition, Instant now) {
    return switch (condition) {
      case Condition.All all -> all.parts().stream().allMatch(part -> answer(part, now));
      case Condition.Any any -> any.parts().stream().anyMatch(part -> answer(part, now));
      case Condition.Not not -> !answer(not.part(), now);
      case Condition.OfTrait trait -> trait.is().meets(trait(trait.name()));
      case Condition.InSegment other -> answer(conditions.get(other.segment()), now);
      case Condition.OfTag tag -> tagged || answer(tag.given(), now);
      case Condition.InStage in -> answer(in.meaning(), now);
      case Condition.OfComputed of -> of.is().meets(of.formula().value(part -> number(part, now)));
      case Condition.Reachable reachable ->
          channels.contains(reachable.channel()) == reachable.reachable();
      case Condition.OfConsent consent -> consent.decision() == Decision.DENIED;
      case Condition.InTier in -> {
        Map<Dimension, Integer> scores = scores(now);
        int sum = scores.values().stream().mapToInt(Integer::intValue).sum();
        yield !scores.isEmpty()
            && in.tier()
                == (sum >= 12 ? Tier.STRATEGIC : sum >= 8 ? Tier.POTENTIAL : Tier.LONG_TAIL);
      }
      case Condition.OfRfm of -> {
        Map<Dimension, Integer> scores = scores(now);
        yield !scores.isEmpty()
            && of.is().entrySet().stream()
                .allMatch(demand -> demand.getValue().meets(Num.of(scores.get(demand.getKey()))));
      }
      case Condition.Imported _ -> throw new IllegalStateException();
      case Condition.InLifecycle in ->
          in.rules().at(seen().first(), seen().last(), now) == in.lifecycle();
      case Condition.OfDate asked -> {
        LocalDate today = now.atZone(zone).toLocalDate();
        LocalDate date = date(trait(asked.trait()));
        yield date != null
            && (asked.yearly()
                ? IntStream.range(today.getYear() - 1, today.getYear() + 2)
                    .anyMatch(
                        year ->
                            MonthDay.from(date).atYear(year).plusDays(asked.days()).equals(today))
                : date.plusDays(asked.days()).equals(today));
      }
      case Condition.Sequence sequence ->
          past(sequence.steps().getFirst(), now).stream()
              .anyMatch(first -> follows(sequence, 1, first.timestamp(), first.timestamp(), now));
      case Condition.NotFollowedBy left -> {
        Instant latest =
            past(left.events(), now).stream()
                .map(Event::timestamp)
                .max(Instant::compareTo)
                .orElse(null);
        yield latest != null
            && !latest.plus(left.within()).isAfter(now)
            && past(left.by(), now).stream()
                .map(Event::timestamp)
                .noneMatch(at -> at.isAfter(latest) && !at.isAfter(latest.plus(left.within())));
      }
      case Condition.OfEvents asked -> {
        List<Event> counted = counted(asked.events(), asked.within(), now);
        yield asked.is().meets(number(asked.aggregate(), counted));
      }
      case Condition.LastBefore last -> {
        List<Event> past = past(last.events(), now);
        yield !past.isEmpty()
            && past.stream().allMatch(event -> event.timestamp().isBefore(now.minus(last.age())));
      }
      case Condition.FirstBefore first ->
          past(first.events(), now).stream()
              .anyMatch(event -> event.timestamp().isBefore(now.minus(first.age())));
      case Condition.Inactive inactive ->
          events.stream().noneMatch(event -> event.timestamp().isAfter(now.minus(inactive.age())));
    };
  }

  /** Whether the steps from that one on follow, by trying all. */
  private boolean follows(
      Condition.Sequence sequence, int step, Instant first, Instant before, Instant now) {
    if (step == sequence.steps().size()) {
      return sequence.within() == null || !before.isAfter(first.plus(sequence.within()));
    }
    return past(sequence.steps().get(step), now).stream()
        .map(Event::timestamp)
        .filter(at -> at.isAfter(before))
        .anyMatch(at -> follows(sequence, step + 1, first, at, now));
  }

  /** The scores of the orders of a year; none when there are none. */
  private Map<Dimension, Integer> scores(Instant now) {
    List<Event> orders = counted(EventFilter.named(SegmentsCase.ORDER), Rfm.WINDOW, now);
    if (rfm == null || orders.isEmpty()) {
      return Map.of();
    }
    Instant latest = orders.stream().map(Event::timestamp).max(Instant::compareTo).orElseThrow();
    long recency = Duration.between(latest, now).toSeconds();
    BigDecimal paid = ((Num) number(Aggregate.SUM, orders)).number();
    return Map.of(
        Dimension.R, 5 - fifth(Dimension.R, BigDecimal.valueOf(recency)),
        Dimension.F, 1 + fifth(Dimension.F, BigDecimal.valueOf(orders.size())),
        Dimension.M, 1 + fifth(Dimension.M, paid));
  }

  /** How many of the cuts the value exceeds. */
  private int fifth(Dimension dimension, BigDecimal value) {
    return (int) rfm.cuts().get(dimension).stream().filter(cut -> value.compareTo(cut) > 0).count();
  }

  private List<Event> past(EventFilter filter, Instant now) {
    return events.stream()
        .filter(event -> filter.matches(event) && !event.timestamp().isAfter(now))
        .toList();
  }

  private List<Event> counted(EventFilter filter, @Nullable Duration within, Instant now) {
    return past(filter, now).stream()
        .filter(event -> within == null || event.timestamp().isAfter(now.minus(within)))
        .toList();
  }

  private @Nullable Value number(Formula.OfEvents part, Instant now) {
    return number(part.aggregate(), counted(part.events(), part.within(), now));
  }

  private static @Nullable Value number(Aggregate aggregate, List<Event> counted) {
    if (aggregate == Aggregate.COUNT) {
      return Num.of(counted.size());
    }
    if (aggregate == Aggregate.DISTINCT) {
      return Num.of(
          counted.stream()
              .map(event -> event.properties().get("color"))
              .filter(Objects::nonNull)
              .distinct()
              .count());
    }
    List<BigDecimal> numbers =
        counted.stream()
            .map(event -> event.properties().get("total"))
            .filter(Num.class::isInstance)
            .map(value -> ((Num) value).number())
            .toList();
    BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (aggregate == Aggregate.SUM) {
      return new Num(sum);
    }
    if (numbers.isEmpty()) {
      return null;
    }
    return new Num(
        switch (aggregate) {
          case AVG -> sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128);
          case MIN -> Collections.min(numbers);
          case MAX -> Collections.max(numbers);
          case COUNT, SUM, DISTINCT -> throw new IllegalStateException();
        });
  }

  private @Nullable Value trait(String name) {
    return events.stream()
        .filter(event -> event.traits().get(name) != null)
        .max(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
        .map(event -> event.traits().get(name))
        .filter(value -> !(value instanceof Value.Null))
        .orElse(null);
  }

  /** The day that the value means where the person lives; null when it means none. */
  @Nullable LocalDate date(@Nullable Value value) {
    if (!(value instanceof Text(String text))) {
      return null;
    }
    return text.length() == 10
        ? LocalDate.parse(text)
        : Instant.parse(text).atZone(zone).toLocalDate();
  }

  /** From the first to the last event. */
  Span seen() {
    List<Instant> seen = events.stream().map(Event::timestamp).toList();
    return new Span(Collections.min(seen), Collections.max(seen));
  }
}
