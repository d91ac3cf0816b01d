package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.LiveSegments;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Segments are made, edited, deleted and made anew while events arrive, in whatever order all of it
 * is worked on, twice at times, by workers of which some know of a change a moment later. In the
 * end everybody is where the raw history puts them, once, and every change was told.
 */
final class BackfillLawIT {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final int STEPS = 120;
  private static final int USERS = 4;
  private static final int WORKERS = 3;
  private static final SegmentId ONE = new SegmentId("one");
  private static final SegmentId OTHER = new SegmentId("other");

  private static final List<String> CONDITIONS =
      List.of(
          "{'event':'A'}",
          "{'event':'A','count':{'gte':3}}",
          "{'event':'A','within':'P2D','count':{'gte':2}}",
          "{'event':'A','where':{'total':{'gte':50}}}",
          "{'event':'B','sum':'total','is':{'gte':100}}",
          "{'event':'B','lastBefore':'P1D'}",
          "{'all':[{'event':'A'},{'not':{'event':'B','within':'PT6H'}}]}",
          "{'event':'Never'}",
          "{'inactive':'P1D'}");

  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private final InMemoryHistory history = new InMemoryHistory();
  private final InMemoryTimers timers = new InMemoryTimers();
  private final InMemoryMembers members = new InMemoryMembers();
  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryBackfills backfills = new InMemoryBackfills();
  private final InMemoryCompactCatalogs catalogs = new InMemoryCompactCatalogs();
  private final List<Event> happened = new ArrayList<>();
  private final List<ProfileChange> changes = new ArrayList<>();
  private final List<Work> works = new ArrayList<>();
  private final List<Transition> published = new ArrayList<>();
  private final List<Segments> known = new ArrayList<>();
  private final Map<SegmentId, Set<Instant>> deletions = new HashMap<>();
  private Random random = new Random();
  private Instant now = START;

  static LongStream seeds() {
    return LongStream.range(0, 200L * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everybodyEndsWhereTheHistoryPutsThem(long seed) {
    random = new Random(seed);
    IntStream.range(0, WORKERS).forEach(_ -> known.add(latest()));

    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(16)) {
        case 0 -> define(ONE, CONDITIONS.get(random.nextInt(CONDITIONS.size())));
        case 1 ->
            define(
                OTHER,
                random.nextInt(3) == 0 && isLive(ONE)
                    ? "{'not':{'segment':'one'}}"
                    : CONDITIONS.get(random.nextInt(CONDITIONS.size())));
        case 2 -> delete(random.nextBoolean() ? ONE : OTHER);
        case 3 -> pass();
        case 4 -> tick();
        case 5, 6, 7, 8, 9 -> record();
        case 10, 11, 12 -> evaluate();
        default -> backfill();
      }
    }
    settle();
    while (!works.isEmpty() || !changes.isEmpty()) {
      evaluate();
      backfill();
    }
    now = now.plusSeconds(120).truncatedTo(ChronoUnit.MINUTES);
    tick();

    Segments raw = LiveDefinitions.segments(definitions);
    for (SegmentId id : List.of(ONE, OTHER)) {
      long size = people.all().stream().filter(person -> isIn(person, id)).count();
      assertThat(members.size(id)).as("size of %s", id).isEqualTo(size);
      if (isLive(id)) {
        assertThat(definitions.find(Kind.SEGMENT, id.value()).orElseThrow().status())
            .isEqualTo(Definition.READY);
      }
    }
    for (Person person : people.all()) {
      Identifier owner = person.identifiers().keySet().iterator().next();
      List<Event> own = happened.stream().filter(event -> event.owner().equals(owner)).toList();
      Facts facts = Facts.of(List.of(Facet.empty(owner).plus(own, raw.counters())));
      assertThat(
              person.memberships().keySet().stream()
                  .filter(id -> isIn(person, id))
                  .collect(Collectors.toSet()))
          .isEqualTo(raw.evaluate(facts, now).members());
      assertThat(person.outbox()).isEmpty();
      assertTold(person);
    }
  }

  /** Each number once or as a repeat, entering and leaving in turns, up to where the person is. */
  private void assertTold(Person person) {
    Map<SegmentId, TreeMap<Long, Transition>> told = new HashMap<>();
    for (Transition transition : published) {
      if (transition.person().equals(person.id())) {
        Transition former =
            told.computeIfAbsent(transition.segment(), _ -> new TreeMap<>())
                .putIfAbsent(transition.number(), transition);
        // Who does not know of a deletion yet may let those in again who have forgotten by it.
        boolean deletedThen =
            !transition.entered()
                || deletions.getOrDefault(transition.segment(), Set.of()).contains(transition.at());
        assertThat(former == null || former.equals(transition) || deletedThen)
            .as("%s", transition)
            .isTrue();
      }
    }
    told.forEach(
        (segment, numbers) -> {
          long before = 0;
          for (long number : numbers.keySet()) {
            boolean anew = before % 2 == 0 && number % (1L << 32) == 1;
            assertThat(anew || number == before + 1).as("%s: %s", segment, numbers).isTrue();
            before = number;
          }
          assertThat(before % 2 == 1).isEqualTo(isIn(person, segment));
        });
  }

  private static boolean isIn(Person person, SegmentId segment) {
    Membership membership = person.memberships().get(segment);
    return membership != null && membership.member();
  }

  private boolean isLive(SegmentId id) {
    return definitions.find(Kind.SEGMENT, id.value()).isPresent();
  }

  private void define(SegmentId id, String where) {
    boolean isNew = !isLive(id);
    Definition made =
        definitions.put(
            Kind.SEGMENT,
            id.value(),
            (Fields) Json.read("{'where':".replace('\'', '"') + where.replace('\'', '"') + "}"),
            isNew ? BackfillSegment.BACKFILLING : BackfillSegment.EDITING,
            isNew ? Set.of() : Set.of(BackfillSegment.BACKFILLING),
            now);
    works.addAll(new Backfill(id, made.version(), false).works());
  }

  /** Unless the other refers to it, as the API refuses. */
  private void delete(SegmentId id) {
    Optional<Definition> gone = definitions.find(Kind.SEGMENT, id.value());
    boolean named =
        definitions
            .find(Kind.SEGMENT, OTHER.value())
            .filter(other -> other.document().toString().contains("one"))
            .isPresent();
    if (gone.isPresent() && !(id.equals(ONE) && named)) {
      definitions.delete(Kind.SEGMENT, id.value());
      deletions.computeIfAbsent(id, _ -> new HashSet<>()).add(now);
      works.addAll(new Backfill(id, gone.get().version(), true).works());
    }
  }

  /** In a second everybody learns what is new. */
  private void pass() {
    now =
        now.plus(
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(90),
                    Duration.ofHours(7),
                    Duration.ofHours(30))
                .get(random.nextInt(4)));
    settle();
  }

  private void settle() {
    known.replaceAll(_ -> latest());
  }

  private Segments latest() {
    return LiveDefinitions.live(definitions, definitions.catalogVersion(), catalogs).segments();
  }

  /** Some learn of a change with their next work, others a moment later. */
  private int worker() {
    int worker = random.nextInt(WORKERS);
    if (random.nextBoolean()) {
      known.set(worker, latest());
    }
    return worker;
  }

  private void record() {
    Event event =
        happened.isEmpty() || random.nextInt(5) > 0
            ? event()
            : happened.get(random.nextInt(happened.size()));
    if (!happened.contains(event)) {
      happened.add(event);
    }
    Segments catalog = known.get(worker());
    new RecordEvents(
            people,
            history,
            () -> new Catalog(1, catalog.counters(), Set.of()),
            new InMemoryTotals(),
            changes::addAll,
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> now,
            _ -> {})
        .record(List.of(List.of(event)));
  }

  private Event event() {
    Instant at = now.minus(Duration.ofMinutes(random.nextInt(4) * random.nextLong(3_000)));
    return new Event(
        new Identifier(Namespace.USER_ID, "u" + random.nextInt(USERS)),
        List.of(),
        "m" + happened.size(),
        EventType.TRACK,
        random.nextBoolean() ? "A" : "B",
        at,
        now,
        Trust.SERVER,
        new Fields(Map.of("total", Num.of(random.nextInt(80)))),
        Fields.EMPTY,
        Fields.EMPTY);
  }

  private void evaluate() {
    if (!changes.isEmpty()) {
      ProfileChange change = changes.get(random.nextInt(changes.size()));
      if (random.nextInt(4) > 0) {
        changes.remove(change);
      }
      evaluate(List.of(new Request(change.person(), change.cause(), List.of())));
    }
  }

  private void tick() {
    List<Due> due = new ArrayList<>();
    new LifecycleTick(timers, due::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {})
        .tick(now, () -> false);
    Map<PersonId, Request> requests = new LinkedHashMap<>();
    due.forEach(
        fired ->
            requests.merge(
                fired.person(),
                new Request(fired.person(), Cause.TIME, List.of(fired)),
                Request::and));
    evaluate(List.copyOf(requests.values()));
  }

  private void evaluate(List<Request> requests) {
    assertThat(evaluateProfile().evaluate(requests, () -> now)).isEmpty();
  }

  private void backfill() {
    if (!works.isEmpty()) {
      Work work = works.get(random.nextInt(works.size()));
      if (random.nextInt(8) > 0) {
        works.remove(work);
      }
      new BackfillSegment(
              definitions,
              new InMemoryPopulation(people),
              backfills,
              evaluateProfile(),
              works::addAll,
              this::settle,
              () -> now)
          .work(work, random::nextBoolean);
    }
  }

  private EvaluateProfile evaluateProfile() {
    int worker = worker();
    return new EvaluateProfile(
        people,
        history,
        timers,
        members,
        news ->
            news.forEach(trigger -> published.add(((Trigger.OfTransition) trigger).transition())),
        new InMemoryConsents(),
        "test",
        new LiveSegments() {
          @Override
          public Segments current() {
            return known.get(worker);
          }

          @Override
          public Segments latest() {
            return BackfillLawIT.this.latest();
          }
        },
        _ -> {});
  }
}
