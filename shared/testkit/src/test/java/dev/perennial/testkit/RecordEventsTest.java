package dev.perennial.testkit;

import static dev.perennial.testkit.RecordingPlatform.ANN;
import static dev.perennial.testkit.RecordingPlatform.BOB;
import static dev.perennial.testkit.RecordingPlatform.NOW;
import static dev.perennial.testkit.RecordingPlatform.TABLET;
import static dev.perennial.testkit.RecordingPlatform.WORKSPACE;
import static dev.perennial.testkit.RecordingPlatform.event;
import static dev.perennial.testkit.RecordingPlatform.identify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecordEventsTest {

  private static final SegmentId SEGMENT = new SegmentId("vip");

  private final RecordingPlatform platform = new RecordingPlatform();

  @Test
  void allEventsOfOnePersonAreOneWrite() {
    platform.record(event(ANN, "m0", 0));
    platform.people.writes = 0;

    Set<Integer> failed =
        platform.recordEvents.record(
            List.of(
                List.of(event(ANN, "m1", 1), event(ANN, "m2", 2)), List.of(event(ANN, "m3", 3))));

    assertThat(failed).isEmpty();
    assertThat(platform.people.writes).isEqualTo(1);
    assertThat(platform.person(ANN).facets().get(ANN).events()).isEqualTo(4);
    assertThat(platform.totals.read(Set.of(Totals.EVENTS, Totals.PROFILES)))
        .isEqualTo(Map.of(Totals.EVENTS, 4L, Totals.PROFILES, 1L));
  }

  @Test
  void aRepeatChangesNothingButIsToldAgain() {
    platform.record(event(ANN, "m1", 1));
    Person before = platform.person(ANN);
    platform.changes.clear();
    platform.triggers.clear();

    platform.record(event(ANN, "m1", 1));

    assertThat(platform.person(ANN)).isEqualTo(before);
    assertThat(platform.changes).containsExactly(new ProfileChange(before.id(), Cause.EVENT));
    assertThat(platform.triggers)
        .containsExactly(new Trigger.OfEvent(before.id(), event(ANN, "m1", 1)));
    assertThat(platform.totals.read(Set.of(Totals.EVENTS))).containsEntry(Totals.EVENTS, 1L);
  }

  @Test
  void whatACrashLeftUntoldIsToldByTheNextCopy() {
    RecordEvents crashing =
        platform.recordEvents(
            _ -> {
              throw new IllegalStateException("crash");
            });
    assertThatIllegalStateException()
        .isThrownBy(() -> crashing.record(List.of(List.of(event(ANN, "m1", 1)))));
    assertThat(platform.person(ANN).facets()).containsKey(ANN);

    platform.record(event(ANN, "m1", 1));

    assertThat(platform.changes).hasSize(1);
    assertThat(platform.triggers).hasSize(1);
  }

  @Test
  void whatWasSavedBeforeOthersFailedIsCountedAndTold() {
    platform.people.writesUntilFailure = 1;

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                platform.recordEvents.record(
                    List.of(List.of(event(ANN, "m1", 1), event(BOB, "m2", 2)))));
    assertThat(platform.changes).hasSize(1);
    platform.people.writesUntilFailure = Integer.MAX_VALUE;
    platform.recordEvents.record(List.of(List.of(event(ANN, "m1", 1), event(BOB, "m2", 2))));

    assertThat(platform.totals.read(Set.of(Totals.EVENTS))).containsEntry(Totals.EVENTS, 2L);
  }

  @Test
  void whatIsOlderThanADayIsHistory() {
    platform.record(event(ANN, "m1", -86_400));
    assertThat(platform.changes).extracting(ProfileChange::cause).containsExactly(Cause.BACKFILL);
    platform.changes.clear();

    platform.record(event(ANN, "m1", -86_400));
    assertThat(platform.changes).extracting(ProfileChange::cause).containsExactly(Cause.BACKFILL);
    platform.changes.clear();

    platform.recordEvents.record(List.of(List.of(event(ANN, "m2", -86_400), event(ANN, "m3", 0))));
    assertThat(platform.changes).extracting(ProfileChange::cause).containsExactly(Cause.EVENT);
  }

  @Test
  void aMessageLongerThanTheMemoryOfAFacetCountsOnce() {
    List<Event> many =
        IntStream.range(0, 1500).mapToObj(n -> event(ANN, "m" + n, n % 700)).toList();

    platform.recordEvents.record(List.of(many));
    platform.recordEvents.record(List.of(many.reversed()));
    platform.recordEvents.record(List.of(many.subList(0, 30)));

    assertThat(platform.person(ANN).facets().get(ANN).events()).isEqualTo(1500);
  }

  @Test
  void eventsThatAreStampedAnewWhenSentAgainCountOnce() {
    platform.recordEvents.record(List.of(stamped(NOW)));
    platform.recordEvents.record(List.of(stamped(NOW.plusSeconds(3600))));

    assertThat(platform.person(ANN).facets().get(ANN).events()).isEqualTo(600);
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
    platform.people.refusals = 4;

    Set<Integer> failed = platform.recordEvents.record(List.of(List.of(event(ANN, "m1", 1))));

    assertThat(failed).isEmpty();
    assertThat(platform.pauses).containsExactly(1, 2, 3, 4);
    assertThat(platform.person(ANN).facets().get(ANN).events()).isEqualTo(1);
  }

  @Test
  void afterFiveTriesTheMessageComesAgainAlone() {
    platform.people.refusals = 5;

    Set<Integer> failed =
        platform.recordEvents.record(
            List.of(List.of(event(ANN, "m1", 1)), List.of(event(BOB, "m2", 1))));

    assertThat(failed).hasSize(1);
    assertThat(platform.totals.read(Set.of(Totals.PROFILES))).containsEntry(Totals.PROFILES, 1L);
  }

  @Test
  void theAbsorbedLeaveTheirSegmentsThroughTheSurvivor() {
    platform.record(event(TABLET, "m1", 1));
    platform.record(event(ANN, "m2", 2));
    PersonId tablet = enter(TABLET);

    platform.record(event(ANN, "m3", 3, TABLET));

    Person ann = platform.person(ANN);
    assertThat(ann.identifiers()).containsOnlyKeys(ANN, TABLET);
    assertThat(ann.outbox()).containsExactly(new Transition(tablet, SEGMENT, 2, NOW, Cause.MERGE));
    assertThat(ann.reshaped()).isEqualTo(new Reshaping(Cause.MERGE, NOW));
    assertThat(platform.changes.getLast()).isEqualTo(new ProfileChange(ann.id(), Cause.EVENT));
    assertThat(platform.people.find(tablet)).contains(ann);
  }

  @Test
  void evidenceThatComesLateGivesTheTabletToWhomItBelongsAndItsNumbersGoOn() {
    platform.record(event(TABLET, "m1", 1));
    PersonId tablet = enter(TABLET);
    platform.record(event(ANN, "m2", 9, TABLET));
    platform.record(event(BOB, "m3", 3));

    platform.record(event(BOB, "m4", 4, TABLET));

    assertThat(platform.person(BOB).identifiers()).containsOnlyKeys(BOB, TABLET);
    assertThat(platform.person(ANN).identifiers()).containsOnlyKeys(ANN);
    assertThat(platform.person(ANN).reshaped()).isEqualTo(new Reshaping(Cause.SPLIT, NOW));
    assertThat(platform.people.read(tablet).orElseThrow())
        .isInstanceOfSatisfying(
            Absorbed.class,
            gone -> assertThat(gone.memberships()).containsEntry(SEGMENT, new Membership(2, NOW)));
    assertThat(platform.people.find(tablet)).contains(platform.person(BOB));
  }

  @Test
  void whatAnEventStartsStaysItsOwnersWhenPeoplePart() {
    platform.record(event(TABLET, "m1", 1));
    platform.record(event(ANN, "m2", 2, TABLET));
    platform.triggers.clear();

    platform.record(event(TABLET, "m3", 3));

    assertThat(platform.person(TABLET)).isEqualTo(platform.person(ANN));
    assertThat(platform.people.idsOf(platform.person(ANN))).contains(TABLET.hash(WORKSPACE));
    assertThat(platform.triggers)
        .containsExactly(new Trigger.OfEvent(TABLET.hash(WORKSPACE), event(TABLET, "m3", 3)));
  }

  @Test
  void whatIsStoredByTheOwnerOfAnEventIsFoundThoughTheOwnerNeverWasAPerson() {
    platform.record(event(ANN, "m1", 1, TABLET));

    platform.record(event(TABLET, "m2", 2));

    assertThat(platform.people.read(TABLET.hash(WORKSPACE))).isEmpty();
    assertThat(platform.triggers)
        .contains(new Trigger.OfEvent(TABLET.hash(WORKSPACE), event(TABLET, "m2", 2)));
    assertThat(platform.people.idsOf(platform.person(ANN))).contains(TABLET.hash(WORKSPACE));
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
    events.forEach(platform::record);
    Map<String, Trait> traits = platform.person(ANN).facets().get(ANN).traits();

    assertThat(traits).hasSize(200).containsKeys("name", "timezone", "a1000", "a1197");
    assertThat(traits).doesNotContainKeys("a", "aa", "a1198");
    Collections.reverse(events);
    InMemoryPeople others = new InMemoryPeople(WORKSPACE, platform.totals);
    platform.recordEvents(others, platform.changes::addAll).record(List.of(events));
    assertThat(others.all().getFirst().facets().get(ANN).traits()).isEqualTo(traits);
  }

  @Test
  void whoHasTooManyIdentifiersIsRecordedAndLinkedNoMore() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      events.add(event(ANN, "m" + i, i, new Identifier(Namespace.DEVICE_ID, i + "x".repeat(500))));
    }
    for (int from = 0; from < 1_000; from += 20) {
      platform.recordEvents.record(List.of(events.subList(from, from + 20)));
    }

    assertThat(platform.person(ANN).identifiers().size()).isBetween(380, 410);
    assertThat(platform.person(ANN).links()).hasSize(platform.person(ANN).identifiers().size() - 1);
    assertThat(platform.person(ANN).facets().get(ANN).events()).isEqualTo(1_000);
    platform.record(event(TABLET, "last", 1, ANN));
    assertThat(platform.person(TABLET).identifiers()).containsOnlyKeys(TABLET);
  }

  @Test
  void longMessageIdsCountTowardWhatAPersonHolds() {
    for (int i = 0; i < 1_000; i++) {
      Identifier device = new Identifier(Namespace.DEVICE_ID, "device" + i);
      platform.record(event(ANN, "m".repeat(250) + i, i, device));
    }

    assertThat(platform.person(ANN).identifiers().size()).isBetween(600, 700);
  }

  @Test
  void peopleWhoShareATabletStayApart() {
    platform.record(event(ANN, "m1", 1, TABLET));
    platform.record(event(BOB, "m2", 2, TABLET));
    platform.people.writes = 0;

    platform.record(event(BOB, "m3", 3, TABLET));

    assertThat(platform.people.writes).isEqualTo(1);
    assertThat(platform.person(ANN).identifiers()).containsOnlyKeys(ANN, TABLET);
    assertThat(platform.person(BOB).identifiers()).containsOnlyKeys(BOB);
    assertThat(platform.person(ANN).links()).hasSize(2);
  }

  @Test
  void oneMessageMayNameMorePeopleThanOneTransactionTakes() {
    List<Event> many =
        IntStream.range(0, 300)
            .mapToObj(n -> event(ANN, "m" + n, n, new Identifier(Namespace.ANONYMOUS_ID, "a" + n)))
            .toList();

    assertThat(platform.recordEvents.record(List.of(many))).isEmpty();

    assertThat(platform.person(ANN).identifiers()).hasSize(301);
    Profile profile = Profile.of(platform.person(ANN), WORKSPACE, NOW);
    assertThat(profile.identifiers())
        .hasSize(101)
        .containsKey(new Identifier(Namespace.ANONYMOUS_ID, "a299"))
        .doesNotContainKey(new Identifier(Namespace.ANONYMOUS_ID, "a0"));
    assertThat(profile.hidden()).isEqualTo(Map.of("anonymousId", 200));
  }

  private PersonId enter(Identifier identifier) {
    Person person = platform.person(identifier);
    platform.people.save(
        People.Change.of(
            person.evaluated(
                Map.of(SEGMENT, new Membership(1, NOW)), person.outbox(), person.nextDue(), null)));
    return person.id();
  }
}
