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
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A segment is made while somebody who has a past, or none, goes on. Who stood so already enters
 * silently, and nobody else.
 */
final class CauseLawTest {

  private static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");
  private static final SegmentId SEGMENT = new SegmentId("a");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final String PRO = "{'trait':'plan','is':'pro'}";
  private static final String ACTIVE = "{'lifecycle':'active'}";

  private static final List<String> CONDITIONS =
      List.of(
          PRO,
          ACTIVE,
          "{'trait':'plan','isNot':'pro'}",
          "{'lifecycle':'new'}",
          "{'not':{'lifecycle':'dormant'}}",
          "{'not':{'inactive':'P14D'}}",
          "{'not':{'event':'A'}}",
          "{'event':'A','count':{'gte':2}}",
          "{'all':[{'trait':'plan','is':'pro'},{'event':'A'}]}",
          "{'any':[{'trait':'plan','is':'pro'},{'lifecycle':'active'}]}",
          "{'tag':'feedback:taste','is':'sweet'}");

  /** A workspace with that segment, in that state, and Ann. */
  private static final class World {
    final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
    final InMemoryHistory history = new InMemoryHistory();
    final InMemoryDefinitions definitions = new InMemoryDefinitions();
    final List<Transition> published = new ArrayList<>();
    Instant now = MADE;

    World(String where, String status) {
      definitions.put(
          Kind.SEGMENT,
          SEGMENT.value(),
          (Fields) Json.read("{\"where\":" + where.replace('\'', '"') + "}"),
          status,
          MADE);
    }

    void happens(Event event) {
      now = event.receivedAt();
      new RecordEvents(
              people,
              history,
              () -> new Catalog(1, LiveDefinitions.segments(definitions).counters(), Set.of()),
              new InMemoryTotals(),
              _ -> {},
              _ -> {},
              new InMemoryTimers(),
              10,
              () -> now,
              _ -> {})
          .record(List.of(List.of(event)));
    }

    Optional<Person> ann() {
      return people.all().stream().findFirst();
    }

    void evaluate() {
      ann()
          .ifPresent(
              ann ->
                  evaluateProfile()
                      .evaluate(List.of(new Request(ann.id(), Cause.EVENT, List.of())), () -> now));
    }

    void meet() {
      evaluateProfile().backfill(people.all(), SEGMENT, () -> now);
    }

    private EvaluateProfile evaluateProfile() {
      return new EvaluateProfile(
          people,
          history,
          new InMemoryTimers(),
          new InMemoryMembers(),
          news ->
              news.forEach(trigger -> published.add(((Trigger.OfTransition) trigger).transition())),
          new InMemoryConsents(),
          "test",
          () -> LiveDefinitions.segments(definitions),
          _ -> {});
    }

    /** Why Ann entered; empty when she did not. */
    Optional<Cause> cause() {
      return published.stream().findFirst().map(Transition::cause);
    }
  }

  private static Event event(
      EventType type, String name, Fields properties, Fields traits, Instant at) {
    return new Event(
        ANN,
        List.of(),
        name + at,
        type,
        name,
        at,
        at,
        Trust.CLIENT,
        properties,
        traits,
        Fields.EMPTY);
  }

  private static Event late(Event event, Instant receivedAt) {
    return new Event(
        event.owner(),
        event.others(),
        event.messageId(),
        event.type(),
        event.name(),
        event.timestamp(),
        receivedAt,
        event.trust(),
        event.properties(),
        event.traits(),
        event.context());
  }

  /** Those events in any order, each received with the latest before it, at the earliest. */
  private static List<Event> shuffled(List<Event> events, Random random) {
    List<Event> order = new ArrayList<>(events);
    Collections.shuffle(order, random);
    List<Event> received = new ArrayList<>();
    Instant at = Instant.MIN;
    for (Event event : order) {
      at = event.timestamp().isAfter(at) ? event.timestamp() : at;
      received.add(late(event, at));
    }
    return received;
  }

  private static Event plan(String plan, Instant at) {
    return event(
        EventType.IDENTIFY, "", Fields.EMPTY, new Fields(Map.of("plan", new Text(plan))), at);
  }

  private static Event track(String name, Instant at) {
    return event(EventType.TRACK, name, Fields.EMPTY, Fields.EMPTY, at);
  }

  private static Event any(Random random, Instant at) {
    return switch (random.nextInt(4)) {
      case 0 -> plan(random.nextInt(3) > 0 ? "pro" : "basic", at);
      case 1 ->
          event(
              EventType.TRACK,
              "Feedback Given",
              new Fields(
                  Map.of(
                      "topic",
                      new Text("taste"),
                      "answer",
                      new Text(random.nextBoolean() ? "sweet" : "sour"))),
              Fields.EMPTY,
              at);
      default -> track(random.nextBoolean() ? "A" : "B", at);
    };
  }

  static LongStream seeds() {
    return LongStream.range(0, 300L * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoStoodSoEntersSilentlyAndNobodyElse(long seed) {
    Random random = new Random(seed);
    String where = CONDITIONS.get(random.nextInt(CONDITIONS.size()));
    long days = random.nextBoolean() ? 20 : 120;
    List<Event> past =
        Stream.generate(() -> MADE.minusSeconds(1 + random.nextLong(days * 86_400)))
            .limit(random.nextInt(4) == 0 ? 0 : random.nextInt(14))
            .sorted()
            .map(at -> any(random, at))
            .toList();
    past = random.nextInt(3) == 0 ? shuffled(past, random) : past;
    World before = new World(where, Definition.READY);
    World world = new World(where, BackfillSegment.BACKFILLING);
    past.forEach(before::happens);
    past.forEach(world::happens);
    before.now = MADE;
    before.evaluate();
    boolean stood = before.cause().isPresent();

    boolean told = true;
    for (int second = 1; second <= 4 && world.cause().isEmpty(); second++) {
      world.now = MADE.plusSeconds(second);
      if (random.nextInt(3) > 0) {
        world.happens(any(random, world.now));
      }
      told = tellsThePast(world, before);
      switch (random.nextInt(4)) {
        case 0 -> world.meet();
        case 1, 2 -> world.evaluate();
        default -> {}
      }
    }

    if (told && world.cause().isPresent()) {
      assertThat(world.cause().get() == Cause.BACKFILL).as("%s: silent", where).isEqualTo(stood);
    }
  }

  /** Whether all that is in pages of history only is so now, too. */
  private static boolean tellsThePast(World world, World before) {
    if (before.ann().isEmpty() || world.ann().isEmpty()) {
      return true;
    }
    Facet now = world.ann().get().facets().get(ANN);
    Facet then = before.ann().get().facets().get(ANN);
    boolean lastSeenIsKnown =
        now.tail().stream()
                .filter(event -> !event.timestamp().isAfter(MADE))
                .anyMatch(event -> event.timestamp().equals(event.receivedAt()))
            || then.lastSeen().isAfter(MADE.minus(Duration.ofDays(14)));
    return now.newestPage() == null || (sameWords(now, then) && lastSeenIsKnown);
  }

  private static boolean sameWords(Facet now, Facet then) {
    return value(now.traits(), "plan").equals(value(then.traits(), "plan"))
        && value(now.tags(), "feedback:taste").equals(value(then.tags(), "feedback:taste"));
  }

  private static Optional<?> value(Map<String, Trait> words, String name) {
    return Optional.ofNullable(words.get(name)).map(Trait::value);
  }

  @Test
  void aTraitThatIsSaidAgainIsNoNews() {
    for (int more : new int[] {0, 20}) {
      World world = new World(PRO, BackfillSegment.BACKFILLING);
      world.happens(plan("pro", MADE.minus(Duration.ofDays(300))));
      for (int i = 0; i < more; i++) {
        world.happens(track("A", MADE.minusSeconds(1_000 - i)));
      }

      world.happens(plan("pro", MADE.plusSeconds(5)));
      world.evaluate();

      assertThat(world.cause()).contains(Cause.BACKFILL);
    }
  }

  @Test
  void whatCameLateTellsNothingOfWhatIsInPages() {
    for (String where : List.of(PRO, ACTIVE)) {
      World world = new World(where, BackfillSegment.BACKFILLING);
      world.happens(plan("pro", MADE.minus(Duration.ofDays(3))));
      for (int i = 0; i < 8; i++) {
        world.happens(track("A", MADE.minus(Duration.ofDays(2)).plusSeconds(i)));
      }
      assertThat(world.ann().orElseThrow().facets().get(ANN).tail()).isEmpty();
      world.happens(
          late(plan("basic", MADE.minus(Duration.ofDays(60))), MADE.minus(Duration.ofDays(1))));

      world.happens(plan("pro", MADE.plusSeconds(5)));
      world.evaluate();

      assertThat(world.cause()).as(where).contains(Cause.BACKFILL);
    }
  }

  @Test
  void aTraitThatChangesIs() {
    World world = new World(PRO, BackfillSegment.BACKFILLING);
    world.happens(plan("basic", MADE.minus(Duration.ofDays(300))));

    world.happens(plan("pro", MADE.plusSeconds(5)));
    world.meet();

    assertThat(world.cause()).contains(Cause.EVENT);
  }

  @Test
  void whoComesBackIsNews() {
    World world = new World(ACTIVE, BackfillSegment.BACKFILLING);
    world.happens(track("A", MADE.minus(Duration.ofDays(300))));

    world.happens(track("A", MADE.plusSeconds(5)));
    world.evaluate();

    assertThat(world.cause()).contains(Cause.EVENT);
  }

  @Test
  void whoComesForTheFirstTimeIsNewsAlsoWhereStrangersWouldMeetTheCondition() {
    for (String where : List.of("{'lifecycle':'new'}", "{'not':{'event':'A'}}")) {
      World world = new World(where, BackfillSegment.BACKFILLING);

      world.happens(track("B", MADE.plusSeconds(5)));
      world.evaluate();

      assertThat(world.cause()).as(where).contains(Cause.EVENT);
    }
  }

  @Test
  void rulesThatChangedEditASegmentBeforeItHasAVersionMadeAfterThem() {
    String edited =
        "{\"newFor\":\"P60D\",\"activeFor\":\"P1D\",\"dormantAfter\":\"P2D\",\"stages\":{}}";
    for (boolean old : new boolean[] {true, false}) {
      World world = new World("{'lifecycle':'new'}", Definition.READY);
      if (old) {
        world.happens(track("A", MADE.minus(Duration.ofDays(40))));
      }
      world.definitions.put(
          Kind.SETTINGS, "lifecycle", (Fields) Json.read(edited), "live", MADE.plusSeconds(1));

      world.happens(track("A", MADE.plusSeconds(5)));
      world.evaluate();

      assertThat(world.cause()).contains(old ? Cause.EDIT : Cause.EVENT);
    }
  }

  @Test
  void anAddressThatIsShownSinceIsNews() {
    World world = new World("{'channel':'email','reachable':true}", BackfillSegment.BACKFILLING);
    world.happens(track("A", MADE.minusSeconds(5)));
    Event shown = track("B", MADE.plusSeconds(5));

    world.happens(
        new Event(
            ANN,
            List.of(new Identifier(Namespace.EMAIL, "ann@example.com")),
            shown.messageId(),
            shown.type(),
            shown.name(),
            shown.timestamp(),
            shown.receivedAt(),
            Trust.SERVER,
            Fields.EMPTY,
            Fields.EMPTY,
            Fields.EMPTY));
    world.meet();

    assertThat(world.cause()).contains(Cause.EVENT);
  }
}
