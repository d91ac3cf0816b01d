package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.RecordEvents.Passed;
import dev.perennial.domain.profile.ReleaseQuarantine;
import dev.perennial.domain.profile.ReleaseQuarantine.Released;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.PersonCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events that come and are not applied: repeats that say something else, and far too many. */
final class PassedEventsTest {

  private static final String WORKSPACE = "test";
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier BOT = new Identifier(Namespace.USER_ID, "bot");
  private static final int MOST = 30;

  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
  private final InMemoryHistory history = new InMemoryHistory(WORKSPACE);
  private final InMemoryQuarantine quarantine = new InMemoryQuarantine(WORKSPACE);
  private final List<ProfileChange> changes = new ArrayList<>();
  private final List<Trigger> triggers = new ArrayList<>();
  private final List<Passed> passed = new ArrayList<>();
  private final List<Event> released = new ArrayList<>();
  private final ReleaseQuarantine releaseQuarantine =
      new ReleaseQuarantine(people, quarantine, released::addAll, _ -> {});
  private Instant now = NOON;

  private void record(List<Event> events) {
    new RecordEvents(
            people,
            history,
            () -> new Catalog(1, Counters.NONE, Set.of("Pinged")),
            totals,
            changes::addAll,
            triggers::addAll,
            new InMemoryTimers(),
            10,
            () -> now,
            _ -> {})
        .keepingAside(MOST, quarantine)
        .record(List.of(events), passed::add);
  }

  private void record(Event... events) {
    record(List.of(events));
  }

  private Event event(Identifier owner, String id, int value, boolean stamped) {
    return new Event(
        owner,
        List.of(),
        id,
        EventType.TRACK,
        "Pinged",
        NOON.minusSeconds(stamped ? value : 60),
        now,
        Trust.SERVER,
        new Fields(Map.of("a", new Value.Text("a"), "value", Value.Num.of(stamped ? 0 : value))),
        Fields.EMPTY,
        Fields.EMPTY,
        stamped,
        null);
  }

  private List<Event> events(Identifier owner, String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> event(owner, prefix + i, 1, false)).toList();
  }

  private Facet facet(Identifier owner) {
    Person person = people.find(owner.hash(WORKSPACE)).orElseThrow();
    return Objects.requireNonNull(person.facets().get(owner));
  }

  private long total(String name) {
    return totals.read(Set.of(name)).getOrDefault(name, 0L);
  }

  @Test
  void aRepeatThatSaysSomethingElseIsCountedAndChangesNothing() {
    record(event(ANN, "m1", 1, false));
    record(event(ANN, "m1", 1, false));
    assertThat(total(Totals.DIFFERENT)).isZero();
    Facet before = facet(ANN);

    record(event(ANN, "m1", 2, false));

    assertThat(facet(ANN)).isEqualTo(before);
    assertThat(total(Totals.DIFFERENT)).isEqualTo(1);
    assertThat(passed).containsExactly(new Passed(0, 1, 0));
  }

  @Test
  void soIsOneWhoseFirstCopyIsLongInHistory() {
    record(event(ANN, "m1", 1, false));
    record(events(ANN, "later", MOST - 1));
    assertThat(facet(ANN).tail()).isEmpty();

    record(event(ANN, "m1", 1, false));
    assertThat(total(Totals.DIFFERENT)).isZero();
    record(event(ANN, "m1", 2, false));
    assertThat(total(Totals.DIFFERENT)).isEqualTo(1);
  }

  @Test
  void soAreTwoOfOneMessage() {
    record(event(ANN, "m1", 1, false), event(ANN, "m1", 2, false));

    assertThat(facet(ANN).events()).isEqualTo(1);
    assertThat(total(Totals.DIFFERENT)).isEqualTo(1);
  }

  @Test
  void anotherStampOrArrivalIsNoDifference() {
    record(event(ANN, "m1", 1, true));
    now = NOON.plusSeconds(5);
    record(event(ANN, "m1", 2, true));
    record(events(ANN, "later", MOST - 1));
    record(event(ANN, "m1", 3, true));

    assertThat(total(Totals.DIFFERENT)).isZero();
    assertThat(facet(ANN).events()).isEqualTo(MOST);
  }

  @Test
  void whatIsTooMuchIsKeptAsideAndNobodyElseIsTouched() {
    List<Event> crowd = new ArrayList<>(events(BOT, "m", MOST + 20));
    crowd.add(event(ANN, "a1", 1, false));

    record(crowd);

    assertThat(facet(BOT).events()).isEqualTo(MOST);
    assertThat(facet(BOT).quarantined()).isEqualTo(NOON);
    assertThat(facet(ANN).quarantined()).isNull();
    assertThat(quarantine.find(BOT.hash(WORKSPACE)))
        .contains(new Kept(BOT.hash(WORKSPACE), BOT, NOON, 20));
    assertThat(total(Totals.QUARANTINED)).isEqualTo(20);
    assertThat(total(Totals.EVENTS)).isEqualTo(MOST + 1);
    assertThat(triggers).hasSize(MOST + 1);
    assertThat(passed).containsExactly(new Passed(0, 0, 20));
  }

  @Test
  void whatComesAfterwardsWritesNobodyAndTellsNobody() {
    record(events(BOT, "m", MOST + 1));
    long version = people.find(BOT.hash(WORKSPACE)).orElseThrow().version();
    changes.clear();
    triggers.clear();

    now = NOON.plusSeconds(60);
    record(events(BOT, "n", 5));

    assertThat(people.find(BOT.hash(WORKSPACE)).orElseThrow().version()).isEqualTo(version);
    assertThat(changes).isEmpty();
    assertThat(triggers).isEmpty();
    assertThat(quarantine.find(BOT.hash(WORKSPACE)).orElseThrow().events()).isEqualTo(6);
  }

  @Test
  void aFewAtATimeIsAsManyAsAtOnce() {
    for (int n = 0; n < MOST + 10; n++) {
      record(event(BOT, "m" + n, 1, false));
    }

    assertThat(facet(BOT).events()).isEqualTo(MOST);
    assertThat(total(Totals.QUARANTINED)).isEqualTo(10);
  }

  @Test
  void theNextDayBeginsAnew() {
    record(events(BOT, "m", MOST + 1));

    now = NOON.plus(Duration.ofDays(1));
    record(events(BOT, "n", MOST + 2));

    assertThat(facet(BOT).events()).isEqualTo(2 * MOST);
    assertThat(facet(BOT).quarantined()).isEqualTo(NOON);
    assertThat(total(Totals.QUARANTINED)).isEqualTo(3);
  }

  @Test
  void whatIsReleasedIsAppliedOnceAndMoreMayCome() {
    record(events(BOT, "m", MOST + 20));
    now = NOON.plusSeconds(60);

    assertThat(releaseQuarantine.release(BOT.hash(WORKSPACE), now))
        .map(Released::events)
        .contains(20L);
    record(released);
    record(released);

    assertThat(facet(BOT).events()).isEqualTo(MOST + 20);
    assertThat(facet(BOT).quarantined()).isNull();
    assertThat(quarantine.find(BOT.hash(WORKSPACE))).isEmpty();
    now = NOON.plusSeconds(120);
    record(events(BOT, "n", MOST + 1));
    assertThat(facet(BOT).events()).isEqualTo(2 * MOST + 20);
    assertThat(quarantine.find(BOT.hash(WORKSPACE)).orElseThrow().events()).isEqualTo(1);
  }

  @Test
  void whatIsDiscardedIsGone() {
    record(events(BOT, "m", MOST + 20));

    assertThat(releaseQuarantine.discard(BOT.hash(WORKSPACE)).orElseThrow().left()).isZero();

    assertThat(released).isEmpty();
    assertThat(facet(BOT).events()).isEqualTo(MOST);
    assertThat(facet(BOT).quarantined()).isNull();
    assertThat(releaseQuarantine.discard(BOT.hash(WORKSPACE))).isEmpty();
  }

  @Test
  void quarantineIsStored() {
    record(events(BOT, "m", MOST + 20));
    Person person = people.find(BOT.hash(WORKSPACE)).orElseThrow();

    assertThat(PersonCodec.read(person.id(), person.version(), PersonCodec.write(person)))
        .isEqualTo(person);
  }
}
