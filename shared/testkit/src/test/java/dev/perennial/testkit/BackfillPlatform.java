package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Publisher;
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
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.LiveSegments;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A platform whose stages run when the test says. */
final class BackfillPlatform {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final SegmentId BUYERS = new SegmentId("buyers");
  static final SegmentId OFTEN = new SegmentId("often");
  static final SegmentId NEVER = new SegmentId("never");
  static final String ONE_ORDER = "{\"event\":\"Order Completed\"}";
  static final String TWO_ORDERS = "{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}";

  final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  final InMemoryHistory history = new InMemoryHistory();
  final AtomicInteger reads = new AtomicInteger();
  final History readHistory =
      (History)
          Proxy.newProxyInstance(
              History.class.getClassLoader(),
              new Class<?>[] {History.class},
              (_, method, arguments) -> {
                reads.incrementAndGet();
                return method.invoke(history, arguments);
              });
  final InMemoryTimers timers = new InMemoryTimers();
  final InMemoryMembers members = new InMemoryMembers();
  final InMemoryDefinitions definitions = new InMemoryDefinitions();
  final InMemoryBackfills backfills = new InMemoryBackfills();
  final List<Transition> published = new ArrayList<>();
  final Deque<Work> queue = new ArrayDeque<>();
  final Crashes crashes = new Crashes();
  final List<Work> dead = new ArrayList<>();
  final Set<PersonId> poison = new HashSet<>();
  final Set<PersonId> hot = new HashSet<>();
  final InMemoryCompactCatalogs catalogs = new InMemoryCompactCatalogs();
  Instant now = NOON;
  boolean timeIsShort;
  LiveSegments live = () -> LiveDefinitions.segments(definitions);
  private int events;

  /** Users {@code u0} and on, of whom each ordered once. */
  static BackfillPlatform withBuyers(int many) {
    BackfillPlatform platform = new BackfillPlatform();
    for (int i = 0; i < many; i++) {
      platform.order("u" + i);
    }
    return platform;
  }

  void define(String where, String status) {
    Definition made =
        definitions.put(
            Kind.SEGMENT,
            BUYERS.value(),
            (Fields) Json.read("{\"where\":" + where + "}"),
            status,
            now);
    queue.addAll(new Backfill(BUYERS, made.version(), false).works());
  }

  /** As functions read them, from bytes that others left. */
  Segments compact() {
    return LiveDefinitions.live(definitions, definitions.catalogVersion(), catalogs).segments();
  }

  void define(SegmentId id, String where) {
    definitions.put(
        Kind.SEGMENT,
        id.value(),
        (Fields) Json.read("{\"where\":" + where + "}"),
        Definition.READY,
        now);
  }

  void delete() {
    int version = definitions.find(Kind.SEGMENT, BUYERS.value()).orElseThrow().version();
    definitions.delete(Kind.SEGMENT, BUYERS.value());
    queue.addAll(new Backfill(BUYERS, version, true).works());
  }

  /** An order, recorded and not evaluated yet. */
  void order(String user) {
    Event event =
        new Event(
            new Identifier(Namespace.USER_ID, user),
            List.of(),
            "order-" + events++,
            EventType.TRACK,
            "Order Completed",
            now,
            now,
            Trust.SERVER,
            Fields.EMPTY,
            Fields.EMPTY,
            Fields.EMPTY);
    new RecordEvents(
            people,
            history,
            () -> new Catalog(1, live.current().counters(), Set.of()),
            new InMemoryTotals(),
            _ -> {},
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> now,
            _ -> {})
        .record(List.of(List.of(event)));
  }

  void evaluate(String user) {
    evaluateProfile()
        .evaluate(List.of(new Request(person(user).id(), Cause.EVENT, List.of())), () -> now);
  }

  Person person(String user) {
    Identifier identifier = new Identifier(Namespace.USER_ID, user);
    return people.all().stream()
        .filter(person -> person.identifiers().containsKey(identifier))
        .findFirst()
        .orElseThrow();
  }

  /** What became of the person's membership, in order. */
  List<Cause> causes(String user) {
    return published.stream()
        .filter(transition -> transition.person().equals(person(user).id()))
        .distinct()
        .map(Transition::cause)
        .toList();
  }

  String status() {
    return definitions.find(Kind.SEGMENT, BUYERS.value()).orElseThrow().status();
  }

  /** Works on all that waits; what a crash left comes again, and who always fails gives up. */
  void backfill() {
    while (!queue.isEmpty()) {
      Work work = queue.removeFirst();
      if (work.alone() != null && poison.contains(work.alone())) {
        assertThatThrownBy(() -> work(work)).isInstanceOf(IllegalStateException.class);
        dead.add(work);
      } else {
        work(work);
      }
    }
  }

  void work(Work work) {
    Publisher<Work> again = crashes.aroundPublisher(works -> queue.addAll(works));
    BackfillSegment backfillSegment =
        new BackfillSegment(
            definitions,
            new InMemoryPopulation(people),
            crashes.around(Backfills.class, backfills),
            evaluateProfile(),
            again,
            () -> {},
            () -> now);
    try {
      backfillSegment.work(work, () -> timeIsShort);
    } catch (Crashes.Crash e) {
      queue.add(work);
    }
  }

  /** People of whom some are always written by others first. */
  private People contended() {
    return (People)
        Proxy.newProxyInstance(
            People.class.getClassLoader(),
            new Class<?>[] {People.class},
            (_, method, arguments) ->
                method.getName().equals("save")
                        && ((Change) arguments[0])
                            .people().stream().anyMatch(person -> hot.contains(person.id()))
                    ? new Saving.Contended()
                    : method.invoke(people, arguments));
  }

  private EvaluateProfile evaluateProfile() {
    Publisher<Trigger> triggers =
        news ->
            news.forEach(
                trigger -> {
                  Transition transition = ((Trigger.OfTransition) trigger).transition();
                  if (poison.contains(transition.person())) {
                    throw new IllegalStateException("nobody can be told of them");
                  }
                  published.add(transition);
                });
    return new EvaluateProfile(
        crashes.around(People.class, contended()),
        readHistory,
        crashes.around(Timers.class, timers),
        crashes.around(Members.class, members),
        crashes.aroundPublisher(triggers),
        new InMemoryConsents(),
        "test",
        live,
        _ -> {});
  }
}
