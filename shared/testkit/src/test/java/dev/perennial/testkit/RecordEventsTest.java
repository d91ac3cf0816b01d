package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Located;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecordEventsTest {

  private static final String WORKSPACE = "test";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob");
  private static final Identifier TABLET = new Identifier(Namespace.DEVICE_ID, "tablet");
  private static final SegmentId SEGMENT = new SegmentId("vip");

  private final InMemoryTotals totals = new InMemoryTotals();
  private final Contended people = new Contended(new InMemoryPeople(WORKSPACE, totals));
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<ProfileChange> changes = new ArrayList<>();
  private final List<Trigger> triggers = new ArrayList<>();
  private final List<Integer> pauses = new ArrayList<>();

  private RecordEvents recordEvents(Publisher<ProfileChange> publisher) {
    return recordEvents(people, publisher);
  }

  private RecordEvents recordEvents(People store, Publisher<ProfileChange> publisher) {
    return new RecordEvents(
        store,
        new InMemoryHistory(),
        () -> new Catalog(1, Counters.NONE, Set.of("Pinged")),
        totals,
        publisher,
        triggers::addAll,
        timers,
        10,
        () -> NOW,
        pauses::add);
  }

  private final RecordEvents recordEvents = recordEvents(changes::addAll);

  @Test
  void allEventsOfOnePersonAreOneWrite() {
    record(event(ANN, "m0", 0));
    people.writes = 0;

    Set<Integer> failed =
        recordEvents.record(
            List.of(
                List.of(event(ANN, "m1", 1), event(ANN, "m2", 2)), List.of(event(ANN, "m3", 3))));

    assertThat(failed).isEmpty();
    assertThat(people.writes).isEqualTo(1);
    assertThat(person(ANN).facets().get(ANN).events()).isEqualTo(4);
    assertThat(totals.read(Set.of(Totals.EVENTS, Totals.PROFILES)))
        .isEqualTo(Map.of(Totals.EVENTS, 4L, Totals.PROFILES, 1L));
  }

  @Test
  void aRepeatChangesNothingButIsToldAgain() {
    record(event(ANN, "m1", 1));
    Person before = person(ANN);
    changes.clear();
    triggers.clear();

    record(event(ANN, "m1", 1));

    assertThat(person(ANN)).isEqualTo(before);
    assertThat(changes).containsExactly(new ProfileChange(before.id(), Cause.EVENT));
    assertThat(triggers).containsExactly(new Trigger.OfEvent(before.id(), event(ANN, "m1", 1)));
    assertThat(totals.read(Set.of(Totals.EVENTS))).containsEntry(Totals.EVENTS, 1L);
  }

  @Test
  void whatACrashLeftUntoldIsToldByTheNextCopy() {
    RecordEvents crashing =
        recordEvents(
            _ -> {
              throw new IllegalStateException("crash");
            });
    assertThatIllegalStateException()
        .isThrownBy(() -> crashing.record(List.of(List.of(event(ANN, "m1", 1)))));
    assertThat(person(ANN).facets()).containsKey(ANN);

    record(event(ANN, "m1", 1));

    assertThat(changes).hasSize(1);
    assertThat(triggers).hasSize(1);
  }

  @Test
  void whatWasSavedBeforeOthersFailedIsCountedAndTold() {
    people.writesUntilFailure = 1;

    assertThatIllegalStateException()
        .isThrownBy(
            () -> recordEvents.record(List.of(List.of(event(ANN, "m1", 1), event(BOB, "m2", 2)))));
    assertThat(changes).hasSize(1);
    people.writesUntilFailure = Integer.MAX_VALUE;
    recordEvents.record(List.of(List.of(event(ANN, "m1", 1), event(BOB, "m2", 2))));

    assertThat(totals.read(Set.of(Totals.EVENTS))).containsEntry(Totals.EVENTS, 2L);
  }

  @Test
  void whatIsOlderThanADayIsHistory() {
    record(event(ANN, "m1", -86_400));
    assertThat(changes).extracting(ProfileChange::cause).containsExactly(Cause.BACKFILL);
    changes.clear();

    record(event(ANN, "m1", -86_400));
    assertThat(changes).extracting(ProfileChange::cause).containsExactly(Cause.BACKFILL);
    changes.clear();

    recordEvents.record(List.of(List.of(event(ANN, "m2", -86_400), event(ANN, "m3", 0))));
    assertThat(changes).extracting(ProfileChange::cause).containsExactly(Cause.EVENT);
  }

  @Test
  void aMessageLongerThanTheMemoryOfAFacetCountsOnce() {
    List<Event> many =
        IntStream.range(0, 1500).mapToObj(n -> event(ANN, "m" + n, n % 700)).toList();

    recordEvents.record(List.of(many));
    recordEvents.record(List.of(many.reversed()));
    recordEvents.record(List.of(many.subList(0, 30)));

    assertThat(person(ANN).facets().get(ANN).events()).isEqualTo(1500);
  }

  @Test
  void eventsThatAreStampedAnewWhenSentAgainCountOnce() {
    recordEvents.record(List.of(stamped(NOW)));
    recordEvents.record(List.of(stamped(NOW.plusSeconds(3600))));

    assertThat(person(ANN).facets().get(ANN).events()).isEqualTo(600);
  }

  private static List<Event> stamped(Instant receivedAt) {
    return IntStream.range(0, 600)
        .mapToObj(
            n ->
                new Event(
                    ANN,
                    List.of(),
                    "m" + n,
                    EventType.TRACK,
                    "Pinged",
                    receivedAt,
                    receivedAt,
                    Trust.CLIENT,
                    Fields.EMPTY,
                    Fields.EMPTY,
                    Fields.EMPTY,
                    true,
                    null))
        .toList();
  }

  @Test
  void aContendedWriteIsTriedAgain() {
    people.refusals = 4;

    Set<Integer> failed = recordEvents.record(List.of(List.of(event(ANN, "m1", 1))));

    assertThat(failed).isEmpty();
    assertThat(pauses).containsExactly(1, 2, 3, 4);
    assertThat(person(ANN).facets().get(ANN).events()).isEqualTo(1);
  }

  @Test
  void afterFiveTriesTheMessageComesAgainAlone() {
    people.refusals = 5;

    Set<Integer> failed =
        recordEvents.record(List.of(List.of(event(ANN, "m1", 1)), List.of(event(BOB, "m2", 1))));

    assertThat(failed).hasSize(1);
    assertThat(totals.read(Set.of(Totals.PROFILES))).containsEntry(Totals.PROFILES, 1L);
  }

  @Test
  void theAbsorbedLeaveTheirSegmentsThroughTheSurvivor() {
    record(event(TABLET, "m1", 1));
    record(event(ANN, "m2", 2));
    PersonId tablet = enter(TABLET);

    record(event(ANN, "m3", 3, TABLET));

    Person ann = person(ANN);
    assertThat(ann.identifiers()).containsOnlyKeys(ANN, TABLET);
    assertThat(ann.outbox()).containsExactly(new Transition(tablet, SEGMENT, 2, NOW, Cause.MERGE));
    assertThat(ann.reshaped()).isEqualTo(new Reshaping(Cause.MERGE, NOW));
    assertThat(changes.getLast()).isEqualTo(new ProfileChange(ann.id(), Cause.EVENT));
    assertThat(people.find(tablet)).contains(ann);
  }

  @Test
  void evidenceThatComesLateGivesTheTabletToWhomItBelongsAndItsNumbersGoOn() {
    record(event(TABLET, "m1", 1));
    PersonId tablet = enter(TABLET);
    record(event(ANN, "m2", 9, TABLET));
    record(event(BOB, "m3", 3));

    record(event(BOB, "m4", 4, TABLET));

    assertThat(person(BOB).identifiers()).containsOnlyKeys(BOB, TABLET);
    assertThat(person(ANN).identifiers()).containsOnlyKeys(ANN);
    assertThat(person(ANN).reshaped()).isEqualTo(new Reshaping(Cause.SPLIT, NOW));
    assertThat(people.read(tablet).orElseThrow())
        .isInstanceOfSatisfying(
            Absorbed.class,
            gone -> assertThat(gone.memberships()).containsEntry(SEGMENT, new Membership(2, NOW)));
    assertThat(people.find(tablet)).contains(person(BOB));
  }

  @Test
  void whatAnEventStartsStaysItsOwnersWhenPeoplePart() {
    record(event(TABLET, "m1", 1));
    record(event(ANN, "m2", 2, TABLET));
    triggers.clear();

    record(event(TABLET, "m3", 3));

    assertThat(person(TABLET)).isEqualTo(person(ANN));
    assertThat(people.idsOf(person(ANN))).contains(TABLET.hash(WORKSPACE));
    assertThat(triggers)
        .containsExactly(new Trigger.OfEvent(TABLET.hash(WORKSPACE), event(TABLET, "m3", 3)));
  }

  @Test
  void whatIsStoredByTheOwnerOfAnEventIsFoundThoughTheOwnerNeverWasAPerson() {
    record(event(ANN, "m1", 1, TABLET));

    record(event(TABLET, "m2", 2));

    assertThat(people.read(TABLET.hash(WORKSPACE))).isEmpty();
    assertThat(triggers)
        .contains(new Trigger.OfEvent(TABLET.hash(WORKSPACE), event(TABLET, "m2", 2)));
    assertThat(people.idsOf(person(ANN))).contains(TABLET.hash(WORKSPACE));
  }

  @Test
  void namesThatProgramsMakeUpDoNotMakeAPersonTooLarge() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Fields made = new Fields(Map.of("a" + (1000 + i), new Value.Text("x".repeat(1_000))));
      events.add(identify("m" + i, i, made));
    }
    events.add(identify("name", 0, new Fields(Map.of("name", new Value.Text("Ann")))));
    events.add(identify("long", 0, new Fields(Map.of("a", new Value.Text("x".repeat(2_000))))));
    events.add(identify("han", 0, new Fields(Map.of("aa", new Value.Text("\u957f".repeat(400))))));
    events.forEach(this::record);
    Map<String, Trait> traits = person(ANN).facets().get(ANN).traits();

    assertThat(traits).hasSize(200).containsKeys("name", "timezone", "a1000", "a1197");
    assertThat(traits).doesNotContainKeys("a", "aa", "a1198");
    Collections.reverse(events);
    InMemoryPeople others = new InMemoryPeople(WORKSPACE, totals);
    recordEvents(others, changes::addAll).record(List.of(events));
    assertThat(others.all().getFirst().facets().get(ANN).traits()).isEqualTo(traits);
  }

  @Test
  void whoHasTooManyIdentifiersIsRecordedAndLinkedNoMore() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      events.add(event(ANN, "m" + i, i, new Identifier(Namespace.DEVICE_ID, i + "x".repeat(500))));
    }
    for (int from = 0; from < 1_000; from += 20) {
      recordEvents.record(List.of(events.subList(from, from + 20)));
    }

    assertThat(person(ANN).identifiers().size()).isBetween(380, 410);
    assertThat(person(ANN).links()).hasSize(person(ANN).identifiers().size() - 1);
    assertThat(person(ANN).facets().get(ANN).events()).isEqualTo(1_000);
    record(event(TABLET, "last", 1, ANN));
    assertThat(person(TABLET).identifiers()).containsOnlyKeys(TABLET);
  }

  @Test
  void longMessageIdsCountTowardWhatAPersonHolds() {
    for (int i = 0; i < 1_000; i++) {
      Identifier device = new Identifier(Namespace.DEVICE_ID, "device" + i);
      record(event(ANN, "m".repeat(250) + i, i, device));
    }

    assertThat(person(ANN).identifiers().size()).isBetween(600, 700);
  }

  @Test
  void peopleWhoShareATabletStayApart() {
    record(event(ANN, "m1", 1, TABLET));
    record(event(BOB, "m2", 2, TABLET));
    people.writes = 0;

    record(event(BOB, "m3", 3, TABLET));

    assertThat(people.writes).isEqualTo(1);
    assertThat(person(ANN).identifiers()).containsOnlyKeys(ANN, TABLET);
    assertThat(person(BOB).identifiers()).containsOnlyKeys(BOB);
    assertThat(person(ANN).links()).hasSize(2);
  }

  @Test
  void oneMessageMayNameMorePeopleThanOneTransactionTakes() {
    List<Event> many =
        IntStream.range(0, 300)
            .mapToObj(n -> event(ANN, "m" + n, n, new Identifier(Namespace.ANONYMOUS_ID, "a" + n)))
            .toList();

    assertThat(recordEvents.record(List.of(many))).isEmpty();

    assertThat(person(ANN).identifiers()).hasSize(301);
    Profile profile = Profile.of(person(ANN), WORKSPACE, NOW);
    assertThat(profile.identifiers())
        .hasSize(101)
        .containsKey(new Identifier(Namespace.ANONYMOUS_ID, "a299"))
        .doesNotContainKey(new Identifier(Namespace.ANONYMOUS_ID, "a0"));
    assertThat(profile.hidden()).isEqualTo(Map.of("anonymousId", 200));
  }

  @Test
  void aTraitSetToNullIsForgottenAndContextTellsTheTimeZone() {
    record(identify("m2", 2, new Fields(Map.of("plan", new Value.Null()))));
    record(identify("m1", 1, new Fields(Map.of("plan", new Value.Text("pro")))));

    Profile profile = Profile.of(person(ANN), WORKSPACE, NOW);

    assertThat(profile.traits()).isEqualTo(Map.of(Facet.TIMEZONE, new Value.Text("Europe/Berlin")));
    assertThat(profile.id()).isEqualTo(ANN.hash(WORKSPACE));
    assertThat(profile.lifecycle()).isEqualTo(Lifecycle.NEW);
    assertThat(profile.completeness()).isEqualTo(0.4);
  }

  @Test
  void whatIsToBeSetOnceIsSetByTheEarliestThatSaysSoUnlessItIsSetOutright() {
    record(identify("m2", 2, once("source", "fair")));
    record(identify("m1", 1, once("source", "shop")));
    record(identify("m3", 3, once("city", "K\u00f6ln")));
    record(identify("m0", 0, new Fields(Map.of("city", new Value.Text("Bonn")))));

    assertThat(Profile.of(person(ANN), WORKSPACE, NOW).traits())
        .containsEntry("source", new Value.Text("shop"))
        .containsEntry("city", new Value.Text("Bonn"));
  }

  @Test
  void aTraitThatIsUnsetIsForgotten() {
    record(identify("m1", 1, new Fields(Map.of("plan", new Value.Text("pro")))));
    record(
        identify(
            "m2",
            2,
            new Fields(Map.of("$unset", new Value.Items(List.of(new Value.Text("plan")))))));

    assertThat(Profile.of(person(ANN), WORKSPACE, NOW).traits()).containsOnlyKeys("timezone");
  }

  @Test
  void theLatestAnswerAboutATopicIsATagAndTheFirstCampaignATrait() {
    record(feedback("m2", 2, "like", "autumn"));
    record(feedback("m1", 1, "notInterested", "summer"));

    Profile profile = Profile.of(person(ANN), WORKSPACE, NOW);

    assertThat(profile.tags()).isEqualTo(Map.of("feedback:tea", new Value.Text("like")));
    assertThat(profile.tagCoverage()).isEqualTo(0.25);
    assertThat(profile.traits()).containsEntry("sourceChannel", new Value.Text("summer"));
  }

  private static Event feedback(String id, long second, String answer, String campaign) {
    return new Event(
        ANN,
        List.of(),
        id,
        EventType.TRACK,
        "Feedback Given",
        NOW.minusSeconds(3600).plusSeconds(second),
        NOW,
        Trust.CLIENT,
        new Fields(Map.of("topic", new Value.Text("tea"), "answer", new Value.Text(answer))),
        Fields.EMPTY,
        new Fields(Map.of("campaign", new Fields(Map.of("source", new Value.Text(campaign))))));
  }

  private static Fields once(String name, String value) {
    return new Fields(Map.of("$set_once", new Fields(Map.of(name, new Value.Text(value)))));
  }

  private PersonId enter(Identifier identifier) {
    Person person = person(identifier);
    people.save(
        People.Change.of(
            person.evaluated(
                Map.of(SEGMENT, new Membership(1, NOW)), person.outbox(), person.nextDue(), null)));
    return person.id();
  }

  private void record(Event event) {
    assertThat(recordEvents.record(List.of(List.of(event)))).isEmpty();
  }

  private Person person(Identifier identifier) {
    return people.find(identifier.hash(WORKSPACE)).orElseThrow();
  }

  private static Event event(Identifier owner, String id, long second, Identifier... others) {
    return event(owner, id, second, EventType.TRACK, Fields.EMPTY, others);
  }

  private static Event identify(String id, long second, Fields traits) {
    return event(ANN, id, second, EventType.IDENTIFY, traits);
  }

  private static Event event(
      Identifier owner,
      String id,
      long second,
      EventType type,
      Fields traits,
      Identifier... others) {
    return new Event(
        owner,
        List.of(others),
        id,
        type,
        type == EventType.TRACK ? "Pinged" : null,
        NOW.minusSeconds(3600).plusSeconds(second),
        NOW,
        Trust.CLIENT,
        Fields.EMPTY,
        traits,
        new Fields(Map.of("timezone", new Value.Text("Europe/Berlin"))));
  }

  /** A store in which somebody else always comes first, for a number of writes. */
  private static final class Contended implements People {

    private final People people;
    private int refusals;
    private int writes;
    private int writesUntilFailure = Integer.MAX_VALUE;

    Contended(People people) {
      this.people = people;
    }

    @Override
    public Located locate(Collection<Identifier> identifiers, Freshness freshness) {
      return people.locate(identifiers, freshness);
    }

    @Override
    public String workspace() {
      return people.workspace();
    }

    @Override
    public Optional<PersonId> locate(PersonId hash) {
      return people.locate(hash);
    }

    @Override
    public Map<PersonId, Head> read(Collection<PersonId> ids, Freshness freshness) {
      return people.read(ids, freshness);
    }

    @Override
    public Optional<Head> read(PersonId id) {
      return people.read(id);
    }

    @Override
    public Saving save(Change change) {
      if (refusals > 0) {
        refusals--;
        return new Saving.Contended();
      }
      if (writesUntilFailure == 0) {
        throw new IllegalStateException("throttled");
      }
      writesUntilFailure--;
      writes++;
      return people.save(change);
    }
  }
}
