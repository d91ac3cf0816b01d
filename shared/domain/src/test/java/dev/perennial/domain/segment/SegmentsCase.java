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
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Some segments and the history of one person. */
final class SegmentsCase {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration SPAN = Duration.ofDays(40);
  static final String ORDER = "Order Completed";
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

  /** The answers, of the events that they are about. */
  private PlainSegments plain;

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
    plain = new PlainSegments(conditions, events, zone, tagged, channels, rfm);
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
            plain.seen(),
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
    plain = new PlainSegments(conditions, List.copyOf(first), zone, tagged, channels, rfm);
    Facts taught = Facts.of(List.of(facet));
    return new Facts(
        zoned(taught.traits()),
        facts.tags(),
        taught.counters(),
        taught.lastSeen(),
        plain.seen(),
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
      instants.add(plain.seen().first().plus(age));
      instants.add(plain.seen().last().plus(age));
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
                random.nextInt(8) == 0
                    ? new Comparison.Exists(random.nextBoolean())
                    : new Beyond(
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
      LocalDate date = plain.date(event.traits().get("day"));
      if (date != null) {
        for (int year = yearly ? -1 : 0; year < (yearly ? 3 : 1); year++) {
          this.days.add((yearly ? MonthDay.from(date).atYear(2026 + year) : date).plusDays(days));
        }
      }
    }
    return new Condition.OfDate("day", days, yearly);
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
    return plain.answer(conditions.get(id), now);
  }

  /** Bounds of fifths, some of which may be one. */
  private List<BigDecimal> cuts(long most, int scale) {
    return random
        .longs(Rfm.CUTS, 0, most)
        .sorted()
        .mapToObj(cut -> BigDecimal.valueOf(cut, scale))
        .toList();
  }
}
