package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.LifecycleRules;
import dev.perennial.domain.profile.Span;
import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Tier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Some segments and the history of one person. */
final class SegmentsCase {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration SPAN = Duration.ofDays(40);
  private static final String ORDER = "Order Completed";
  private static final Duration TICK = Duration.ofNanos(1);

  /** After everything that is generated, but for what comes every year. */
  static final Instant END = START.plus(Duration.ofDays(450));

  static final List<SegmentId> IDS =
      List.of(new SegmentId("a"), new SegmentId("b"), new SegmentId("c"));

  /** Skipped and doubled hours in the span, at midnight and elsewhere; odd offsets. */
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Africa/Cairo",
          "Asia/Beirut",
          "Asia/Kathmandu",
          "Pacific/Kiritimati",
          "Australia/Lord_Howe");

  private static final LifecycleRules EDITED =
      new LifecycleRules(Duration.ofDays(20), Duration.ofDays(3), Duration.ofDays(7));

  private static final Rules RULES =
      new Rules(
          LifecycleRules.SHIPPED,
          Map.of(
              CustomerStage.CONVERSION,
              new Condition.OfEvents(
                  EventFilter.named(ORDER),
                  null,
                  Aggregate.COUNT,
                  null,
                  Comparisons.of(new Beyond(Side.GTE, BigDecimal.ONE))),
              CustomerStage.REPURCHASE,
              new Condition.OfEvents(
                  EventFilter.named(ORDER),
                  null,
                  Aggregate.COUNT,
                  null,
                  Comparisons.of(new Beyond(Side.GTE, BigDecimal.TWO)))),
          Map.of(),
          Map.of());

  private static final Permissions DENIED =
      Permissions.NONE.with(new Consent(Channel.SMS, "offers", Decision.DENIED, START, null, null));

  private final Random random;
  final Map<SegmentId, Condition> conditions = new HashMap<>();
  final List<Event> events = new ArrayList<>();

  /** Those of the events that answers are about. */
  private List<Event> known = events;

  final List<Duration> durations = new ArrayList<>();
  final Segments segments;
  private final Facts facts;
  private final ZoneId zone;
  private final List<LocalDate> days = new ArrayList<>();
  private final boolean tagged;
  private final Set<Channel> channels;

  /** Cuts that tell the customers of this case apart; null when nobody was scored yet. */
  final @Nullable Rfm rfm;

  SegmentsCase(Random random) {
    this.random = random;
    zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    tagged = random.nextBoolean();
    channels = random.nextBoolean() ? Set.of(Channel.EMAIL) : Set.of();
    for (int i = 0; i < 1 + random.nextInt(12); i++) {
      events.add(event(i));
    }
    rfm =
        random.nextInt(8) == 0
            ? null
            : new Rfm(
                START,
                Map.of(
                    Dimension.R, cuts(Duration.ofDays(20).toSeconds(), 0),
                    Dimension.F, cuts(6, 0),
                    Dimension.M, cuts(30, 1)));
    conditions.put(IDS.get(0), condition(3));
    conditions.put(IDS.get(1), condition(2));
    conditions.put(
        IDS.get(2), new Condition.All(List.of(new Condition.InSegment(IDS.get(0)), leaf())));
    segments =
        Segments.of(
            conditions.entrySet().stream()
                .map(segment -> new Segment(segment.getKey(), segment.getValue(), null))
                .toList(),
            rfm);
    Facts taught = Facts.of(facets());
    facts =
        new Facts(
            zoned(taught.traits()),
            tagged ? Map.of("vip", new Value.Bool(true)) : Map.of(),
            taught.counters(),
            taught.lastSeen(),
            seen(),
            channels,
            DENIED,
            Map.of());
  }

  Facts facts() {
    return facts;
  }

  /** The events in the order in which they happened. */
  List<Event> inOrder() {
    return events.stream()
        .sorted(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
        .toList();
  }

  /** Lets answers be about the first events only, and tells what a facet of them knows. */
  Facts knowing(List<Event> first, Facet facet) {
    known = List.copyOf(first);
    Facts taught = Facts.of(List.of(facet));
    return new Facts(
        zoned(taught.traits()),
        facts.tags(),
        taught.counters(),
        taught.lastSeen(),
        seen(),
        channels,
        DENIED,
        Map.of());
  }

  private Map<String, Value> zoned(Map<String, Value> taught) {
    Map<String, Value> traits = new HashMap<>(taught);
    traits.put("timezone", new Text(zone.getId()));
    return traits;
  }

  /** All instants at which an answer may change, and their neighbours, in order. */
  List<Instant> instants() {
    TreeSet<Instant> instants = new TreeSet<>();
    instants.add(START.minusSeconds(1));
    for (Event event : events) {
      instants.add(event.timestamp());
      durations.forEach(duration -> instants.add(event.timestamp().plus(duration)));
    }
    for (Duration age :
        List.of(
            EDITED.newFor(),
            EDITED.activeFor(),
            EDITED.dormantAfter(),
            Duration.ofDays(30),
            Duration.ofDays(60))) {
      instants.add(seen().first().plus(age));
      instants.add(seen().last().plus(age));
    }
    if (rfm != null) {
      for (Event event : events) {
        instants.add(event.timestamp().plus(Rfm.WINDOW));
        for (BigDecimal cut : rfm.cuts().get(Dimension.R)) {
          instants.add(event.timestamp().plusSeconds(cut.longValue() + 1));
        }
      }
    }
    for (LocalDate day : days) {
      instants.add(day.atStartOfDay(zone).toInstant());
      instants.add(day.plusDays(1).atStartOfDay(zone).toInstant());
    }
    List.copyOf(instants)
        .forEach(
            instant -> {
              instants.add(instant.minus(TICK));
              instants.add(instant.plus(TICK));
            });
    return List.copyOf(instants);
  }

  private List<Facet> facets() {
    Counters counters = Counters.of(conditions.values());
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    int cut = random.nextInt(shuffled.size() + 1);
    List<Facet> facets = new ArrayList<>();
    for (List<Event> part :
        List.of(shuffled.subList(0, cut), shuffled.subList(cut, shuffled.size()))) {
      if (!part.isEmpty()) {
        Facet facet = Facet.empty(new Identifier(Namespace.USER_ID, "u" + facets.size()));
        facets.add(facet.plus(part, counters));
      }
    }
    return facets;
  }

  private Event event(int number) {
    Instant at = START.plus(Duration.ofHours(random.nextLong(SPAN.toHours())));
    Map<String, Value> properties = new HashMap<>();
    if (random.nextInt(4) > 0) {
      properties.put("total", new Num(BigDecimal.valueOf(random.nextInt(9) - 3, 1)));
    } else if (random.nextBoolean()) {
      properties.put("total", new Text("many"));
    }
    if (random.nextBoolean()) {
      properties.put("color", new Text(random.nextBoolean() ? "red" : "blue"));
    }
    return new Event(
        new Identifier(Namespace.USER_ID, "u"),
        List.of(),
        "m" + number,
        random.nextInt(8) == 0 ? EventType.PAGE : EventType.TRACK,
        random.nextBoolean() ? ORDER : "B",
        at,
        at,
        Trust.SERVER,
        new Fields(properties),
        random.nextInt(3) == 0
            ? new Fields(
                Map.of(
                    "plan",
                    random.nextBoolean() ? new Text("pro") : new Value.Null(),
                    "day",
                    day()))
            : Fields.EMPTY,
        Fields.EMPTY);
  }

  /** A date within the span, or a leap day, or an instant. */
  private Value day() {
    Instant at = START.plus(Duration.ofHours(random.nextLong(SPAN.toHours())));
    return new Text(
        switch (random.nextInt(3)) {
          case 0 -> at.toString();
          case 1 -> "1996-02-29";
          default -> at.atZone(ZoneOffset.UTC).toLocalDate().toString();
        });
  }

  private Condition condition(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(4)) {
      case 0 -> new Condition.All(List.of(condition(depth - 1), condition(depth - 1)));
      case 1 -> new Condition.Any(List.of(condition(depth - 1), condition(depth - 1)));
      case 2 -> new Condition.Not(condition(depth - 1));
      default -> leaf();
    };
  }

  private Condition leaf() {
    return switch (random.nextInt(20)) {
      case 12 -> new Condition.InTier(oneOf(Tier.values()));
      case 13 ->
          new Condition.OfRfm(
              Map.of(
                  oneOf(Dimension.values()),
                  Comparisons.of(
                      new Beyond(
                          oneOf(Side.values()), BigDecimal.valueOf(1 + random.nextInt(5))))));
      case 4 ->
          new Condition.Sequence(
              random.nextBoolean()
                  ? List.of(filter(), filter())
                  : List.of(filter(), filter(), filter()),
              random.nextBoolean() ? null : duration());
      case 5 -> new Condition.NotFollowedBy(filter(), filter(), duration());
      case 6 -> ofDate();
      case 7 ->
          new Condition.InLifecycle(
              oneOf(Lifecycle.values()), random.nextBoolean() ? LifecycleRules.SHIPPED : EDITED);
      case 8 ->
          new Condition.OfTag(
              "vip",
              Comparisons.THERE,
              random.nextBoolean()
                  ? Condition.Any.NEVER
                  : new Condition.FirstBefore(filter(), duration()));
      case 10 -> RULES.resolve(new Condition.InStage(oneOf(CustomerStage.values())));
      case 11 ->
          new Condition.OfComputed(
              "rate",
              Comparisons.of(
                  new Beyond(oneOf(Side.values()), BigDecimal.valueOf(random.nextInt(40) - 10, 1))),
              new Formula.Calculation(oneOf(Formula.Operation.values()), part(), part()));
      case 9 ->
          random.nextBoolean()
              ? new Condition.Reachable(Channel.EMAIL, random.nextBoolean())
              : new Condition.OfConsent(
                  Channel.SMS, "offers", random.nextBoolean() ? Decision.DENIED : null);
      case 0 ->
          new Condition.OfTrait(
              "plan",
              Comparisons.of(
                  random.nextBoolean()
                      ? new Comparison.Is(new Text("pro"))
                      : new Comparison.Exists(false)));
      case 1 -> new Condition.Inactive(duration());
      case 2 -> new Condition.LastBefore(filter(), duration());
      case 3 -> new Condition.FirstBefore(filter(), duration());
      default -> {
        Aggregate aggregate = oneOf(Aggregate.values());
        yield new Condition.OfEvents(
            filter(),
            random.nextInt(4) == 0 ? null : duration(),
            aggregate,
            aggregate == Aggregate.COUNT
                ? null
                : aggregate == Aggregate.DISTINCT ? "color" : "total",
            Comparisons.of(
                new Beyond(
                    oneOf(Side.values()),
                    BigDecimal.valueOf(random.nextInt(6) - 1, random.nextInt(2)))));
      }
    };
  }

  private Formula part() {
    return random.nextInt(4) == 0
        ? new Formula.Constant(BigDecimal.valueOf(random.nextInt(5)))
        : Formula.ofEvents(
            filter(),
            random.nextBoolean() ? null : duration(),
            random.nextBoolean() ? Aggregate.SUM : Aggregate.AVG,
            "total");
  }

  private Condition ofDate() {
    boolean yearly = random.nextInt(3) == 0;
    int days = random.nextInt(21) - 10;
    for (Event event : events) {
      LocalDate date = date(event.traits().get("day"));
      if (date != null) {
        for (int year = yearly ? -1 : 0; year < (yearly ? 3 : 1); year++) {
          this.days.add((yearly ? MonthDay.from(date).atYear(2026 + year) : date).plusDays(days));
        }
      }
    }
    return new Condition.OfDate("day", days, yearly);
  }

  private @Nullable LocalDate date(@Nullable Value value) {
    if (!(value instanceof Text(String text))) {
      return null;
    }
    return text.length() == 10
        ? LocalDate.parse(text)
        : Instant.parse(text).atZone(zone).toLocalDate();
  }

  private Span seen() {
    List<Instant> seen = known.stream().map(Event::timestamp).toList();
    return new Span(Collections.min(seen), Collections.max(seen));
  }

  private <T> T oneOf(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private EventFilter filter() {
    return new EventFilter(
        random.nextBoolean() ? ORDER : "B",
        random.nextInt(3) == 0
            ? Map.of("color", Comparisons.of(new Comparison.Is(new Text("red"))))
            : Map.of());
  }

  private Duration duration() {
    Duration duration = Duration.ofHours(1 + random.nextLong(480));
    durations.add(duration);
    return duration;
  }

  boolean answer(SegmentId id, Instant now) {
    return answer(conditions.get(id), now);
  }

  /** The meaning of conditions, straight from their description and the raw history. */
  private boolean answer(Condition condition, Instant now) {
    return switch (condition) {
      case Condition.All all -> all.parts().stream().allMatch(part -> answer(part, now));
      case Condition.Any any -> any.parts().stream().anyMatch(part -> answer(part, now));
      case Condition.Not not -> !answer(not.part(), now);
      case Condition.OfTrait trait -> trait.is().meets(trait(trait.name()));
      case Condition.InSegment other -> answer(other.segment(), now);
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
          in.rules().stage(seen().first(), seen().last(), now) == in.stage();
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
          known.stream().noneMatch(event -> event.timestamp().isAfter(now.minus(inactive.age())));
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
    List<Event> orders = counted(EventFilter.named(ORDER), Rfm.WINDOW, now);
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

  /** Bounds of fifths, some of which may be one. */
  private List<BigDecimal> cuts(long most, int scale) {
    return random
        .longs(Rfm.CUTS, 0, most)
        .sorted()
        .mapToObj(cut -> BigDecimal.valueOf(cut, scale))
        .toList();
  }

  private List<Event> past(EventFilter filter, Instant now) {
    return known.stream()
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
    return known.stream()
        .filter(event -> event.traits().get(name) != null)
        .max(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
        .map(event -> event.traits().get(name))
        .filter(value -> !(value instanceof Value.Null))
        .orElse(null);
  }
}
