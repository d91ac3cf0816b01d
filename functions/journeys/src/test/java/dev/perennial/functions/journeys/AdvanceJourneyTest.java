package dev.perennial.functions.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.AdvanceJourney;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Enrollment.Status;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Crashes;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryEnrollments;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvanceJourneyTest {

  private static final PersonId ANN = new PersonId("ann");
  private static final Identifier ANN_42 = new Identifier(Namespace.USER_ID, "42");
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:03Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryEnrollments enrollments = new InMemoryEnrollments();
  private final InMemoryPeople people = Samples.people("main", ANN);
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<SendRequest> published = new ArrayList<>();
  private final Publisher<SendRequest> messages = published::addAll;

  private AdvanceJourney journeys() {
    return journeys(enrollments, timers, messages);
  }

  private AdvanceJourney journeys(Enrollments through, Timers on, Publisher<SendRequest> to) {
    return new AdvanceJourney(
        "main", people, new DefinedJourneys(definitions, Duration.ZERO), through, on, to);
  }

  private void live(String id, String document) {
    int version =
        definitions.put(Kind.JOURNEY, id, (Fields) Json.read(document), "draft", NOW).version();
    assertThat(definitions.launch(Kind.JOURNEY, id, version, "draft", "live")).isTrue();
  }

  private void mail(String trigger, String reentry) {
    live(
        "j",
        """
        {"trigger":%s,"reentry":"%s",
         "steps":[{"id":"mail","send":{"content":"hello","channels":["email"]}}]}
        """
            .formatted(trigger, reentry));
  }

  private void drip(String reentry) {
    live(
        "drip",
        """
        {"trigger":{"event":"Order Completed"},"reentry":"%s",
         "steps":[{"id":"one","send":{"content":"a","channels":["email","push"]}},
                  {"wait":"P3D"},
                  {"id":"two","send":{"content":"b","channels":["sms"]}},
                  {"wait":"PT90S"},
                  {"id":"three","send":{"content":"c","channels":["push"]}}]}
        """
            .formatted(reentry));
  }

  private static Trigger ordered(String messageId) {
    Event event = Samples.event(ANN_42, messageId);
    return new Trigger.OfEvent(ANN, event);
  }

  private static Trigger transition(long number, Cause cause) {
    return new Trigger.OfTransition(
        new Transition(ANN, new SegmentId("quiet"), number, NOW, cause));
  }

  private List<String> steps() {
    return published.stream().map(SendRequest::step).distinct().toList();
  }

  /** Fires every timer that is due, as the tick and its queue would. */
  private void fire(AdvanceJourney journeys, Instant now) {
    List<Due> due = new ArrayList<>();
    timers.forEachDue(now, due::add);
    due.forEach(timer -> journeys.advance(timer, now));
  }

  @Test
  void nobodyWhoIsGoneStartsAnything() {
    mail("{\"event\":\"Order Completed\"}", "once");

    journeys()
        .advance(new Trigger.OfEvent(new PersonId("erased"), Samples.event(ANN_42, "m1")), NOW);

    assertThat(published).isEmpty();
    assertThat(enrollments.ofJourney("j", 10, null).items()).isEmpty();
  }

  @Test
  void anEventSendsWhatTheJourneySays() {
    mail("{\"event\":\"Order Completed\"}", "once");

    journeys().advance(ordered("m1"), NOW);

    assertThat(published).hasSize(1);
    SendRequest request = published.getFirst();
    assertThat(request.person()).isEqualTo(ANN);
    assertThat(request.definition()).isEqualTo("journey:j");
    assertThat(request.topic()).isEqualTo("marketing");
    assertThat(request.occurrence()).isEqualTo(ordered("m1").occurrence());
    assertThat(request.event()).isEqualTo(Samples.event(ANN_42, "m1"));
    assertThat(enrollments.ofJourney("j", 10, null).items())
        .extracting(Enrollment::status)
        .containsExactly(Status.FINISHED);
  }

  @Test
  void otherEventsAndStaleOnesStartNothing() {
    mail("{\"event\":\"Signed Up\"}", "always");

    journeys().advance(ordered("m1"), NOW);
    assertThat(published).isEmpty();

    mail("{\"event\":\"Order Completed\"}", "always");
    journeys().advance(ordered("m1"), NOW.plus(Duration.ofHours(25)));
    assertThat(published).isEmpty();
  }

  @Test
  void aRepeatChangesNothing() {
    mail("{\"event\":\"Order Completed\"}", "always");

    journeys().advance(ordered("m1"), NOW);
    journeys().advance(ordered("m1"), NOW.plusSeconds(5));

    assertThat(published).hasSize(1);
  }

  @Test
  void onceIsOnceInALife() {
    mail("{\"event\":\"Order Completed\"}", "once");

    journeys().advance(ordered("m1"), NOW);
    journeys().advance(ordered("m2"), NOW);

    assertThat(published).hasSize(1);
    assertThat(due()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"once", "afterExit", "always"})
  void aMergeBringsNobodyInAgain(String reentry) {
    Identifier email = new Identifier(Namespace.EMAIL, "ann@example.com");
    PersonId before = email.hash("main");
    PersonId after = ANN_42.hash("main");
    drip(reentry);
    journeys().advance(new Trigger.OfEvent(before, Samples.event(email, "m1")), NOW);
    Person merged =
        new Person(
            after,
            0,
            Map.of(ANN_42, NOW, email, NOW),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);
    people.put(merged);

    journeys().advance(new Trigger.OfEvent(after, Samples.event(email, "m1")), NOW);
    assertThat(enrollments.ofJourney("drip", 10, null).items()).hasSize(1);
    journeys().advance(new Trigger.OfEvent(after, Samples.event(ANN_42, "m2")), NOW);
    assertThat(enrollments.ofJourney("drip", 10, null).items())
        .hasSize(reentry.equals("always") ? 2 : 1);
  }

  @Test
  void afterExitIsNeverTwiceAtATime() {
    drip("afterExit");

    journeys().advance(ordered("m1"), NOW);
    journeys().advance(ordered("m2"), NOW);
    assertThat(enrollments.ofJourney("drip", 10, null).items()).hasSize(1);

    fire(journeys(), NOW.plus(Duration.ofDays(4)));
    fire(journeys(), NOW.plus(Duration.ofDays(5)));
    journeys().advance(ordered("m3"), NOW);
    assertThat(enrollments.ofJourney("drip", 10, null).items()).hasSize(2);
  }

  @Test
  void alwaysIsOncePerOccurrence() {
    mail("{\"event\":\"Order Completed\"}", "always");

    journeys().advance(ordered("m1"), NOW);
    journeys().advance(ordered("m2"), NOW);

    assertThat(published).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void onlyEventsAndTimeStartJourneys(Cause cause) {
    mail("{\"segment\":\"quiet\"}", "always");

    journeys().advance(transition(1, cause), NOW);

    assertThat(published).hasSize(cause == Cause.EVENT || cause == Cause.TIME ? 1 : 0);
  }

  @Test
  void whatAMembershipStartsIsOfTheWriteKeyThatThePersonWasLastHeardOfBy() {
    mail("{\"segment\":\"quiet\"}", "always");
    Event client = heard(NOW.minusSeconds(60), "website");
    Event server = heard(NOW.minusSeconds(30), null);

    assertThat(keyOf(1, List.of(client))).isEqualTo("website");
    assertThat(keyOf(3, List.of(client, server))).isNull();
    assertThat(keyOf(5, List.of(heard(NOW.minus(Duration.ofHours(25)), "website")))).isNull();
    // All of it is in pages by now.
    assertThat(keyOf(7, List.of())).isEqualTo("unknown");
  }

  private static Event heard(Instant receivedAt, @Nullable String key) {
    Event sample = Samples.event(ANN_42, "m-" + receivedAt);
    return new Event(
        sample.owner(),
        sample.others(),
        sample.messageId(),
        sample.type(),
        sample.name(),
        sample.timestamp(),
        receivedAt,
        key == null ? Event.Trust.SERVER : Event.Trust.CLIENT,
        sample.properties(),
        sample.traits(),
        sample.context(),
        false,
        key);
  }

  private @Nullable String keyOf(long transition, List<Event> tail) {
    Facet sample = Samples.facet(ANN_42);
    Facet facet =
        new Facet(
            ANN_42,
            sample.traits(),
            sample.tags(),
            sample.lists(),
            sample.counters(),
            sample.counterSet(),
            sample.firstSeen(),
            sample.lastSeen(),
            9,
            tail.stream().anyMatch(event -> event.trust() == Event.Trust.SERVER),
            sample.seen(),
            tail,
            sample.newestPage());
    people.put(people.find(ANN).orElseThrow().withFacets(Map.of(ANN_42, facet)));
    journeys().advance(transition(transition, Cause.TIME), NOW);
    return published.getLast().key();
  }

  @Test
  void eachEntryIsAnOccurrenceAndExitsAreAnotherTrigger() {
    mail("{\"segment\":\"quiet\",\"on\":\"entered\"}", "always");
    for (long number = 1; number <= 4; number++) {
      journeys().advance(transition(number, Cause.TIME), NOW);
    }
    assertThat(published).hasSize(2);

    live(
        "left",
        """
        {"trigger":{"segment":"quiet","on":"exited"},"reentry":"always",
         "steps":[{"id":"bye","send":{"content":"bye","channels":["email"]}}]}
        """);
    journeys().advance(transition(6, Cause.EVENT), NOW);
    assertThat(steps()).containsExactly("mail", "bye");
  }

  @Test
  void waitsUntilTheFirstWholeMinute() {
    drip("once");

    journeys().advance(ordered("m1"), NOW);
    assertThat(steps()).containsExactly("one");
    assertThat(due()).containsExactly(Instant.parse("2026-03-04T10:01:00Z"));

    fire(journeys(), Instant.parse("2026-03-04T10:00:00Z"));
    assertThat(steps()).containsExactly("one");
    fire(journeys(), Instant.parse("2026-03-04T10:01:00Z"));
    assertThat(steps()).containsExactly("one", "two");
    assertThat(due()).containsExactly(Instant.parse("2026-03-04T10:03:00Z"));
    fire(journeys(), Instant.parse("2026-03-04T10:03:00Z"));
    assertThat(steps()).containsExactly("one", "two", "three");
    assertThat(due()).isEmpty();
    assertThat(published).hasSize(3);
  }

  @Test
  void aNewVersionRunsOnlyForThoseWhoComeAfterItsLaunch() {
    drip("always");
    journeys().advance(ordered("m1"), NOW);
    definitions.put(
        Kind.JOURNEY,
        "drip",
        (Fields)
            Json.read(
                """
                {"trigger":{"event":"Order Completed"},"reentry":"always",
                 "steps":[{"id":"new","send":{"content":"n","channels":["email"]}}]}
                """),
        "live",
        NOW);

    journeys().advance(ordered("m2"), NOW);
    assertThat(steps()).containsExactly("one");
    definitions.launch(Kind.JOURNEY, "drip", 2, "live", "live");
    journeys().advance(ordered("m3"), NOW);
    fire(journeys(), NOW.plus(Duration.ofDays(4)));

    assertThat(steps()).containsExactly("one", "new", "two");
  }

  @Test
  void whilePausedNobodyStartsOrMovesAndAfterwardsThoseInsideGoOn() {
    drip("always");
    journeys().advance(ordered("m1"), NOW);
    definitions.changeStatus(Kind.JOURNEY, "drip", "live", "paused");

    journeys().advance(ordered("m2"), NOW);
    Instant later = NOW.plus(Duration.ofDays(4));
    fire(journeys(), later);
    assertThat(steps()).containsExactly("one");
    definitions.changeStatus(Kind.JOURNEY, "drip", "paused", "live");
    fire(journeys(), later.plus(AdvanceJourney.HOLD).plusSeconds(60));

    assertThat(steps()).containsExactly("one", "two");
    assertThat(published).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopped", "deleted"})
  void whoWaitsInAStoppedJourneyExits(String how) {
    drip("always");
    journeys().advance(ordered("m1"), NOW);
    if (how.equals("deleted")) {
      definitions.delete(Kind.JOURNEY, "drip");
    } else {
      definitions.changeStatus(Kind.JOURNEY, "drip", "live", "stopped");
    }

    journeys().advance(ordered("m2"), NOW);
    fire(journeys(), NOW.plus(Duration.ofDays(4)));

    assertThat(steps()).containsExactly("one");
    assertThat(enrollments.ofJourney("drip", 10, null).items())
        .extracting(Enrollment::status)
        .containsExactly(Status.EXITED);
    assertThat(due()).isEmpty();
  }

  @Test
  void aTimerWithoutEnrollmentWaitsForOneThatIsBeingStored() {
    Due orphan = Due.ofEnrollment(ANN, "drip/occurrence", NOW);
    timers.register(orphan);

    journeys().advance(orphan, NOW.plus(Duration.ofMinutes(5)));
    assertThat(due()).hasSize(1);
    journeys().advance(orphan, NOW.plus(Duration.ofMinutes(20)));
    assertThat(due()).isEmpty();
  }

  /** Every crash before or after every call of a port, then the same message again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void losesNothingWhereverItCrashes(boolean before) {
    int calls = crashAt(-1, before);
    assertThat(calls).isGreaterThan(10);
    for (int call = 0; call < calls; call++) {
      crashAt(call, before);
    }
  }

  private int crashAt(int call, boolean before) {
    AdvanceJourneyTest run = new AdvanceJourneyTest();
    run.drip("once");
    Crashes crashes = new Crashes();
    crashes.dieAt(call, before);
    AdvanceJourney fragile =
        run.journeys(
            crashes.around(Enrollments.class, run.enrollments),
            crashes.around(Timers.class, run.timers),
            crashes.aroundPublisher(run.messages));

    insist(() -> fragile.advance(ordered("m1"), NOW));
    for (int day = 1; day <= 6; day++) {
      Instant now = NOW.plus(Duration.ofDays(day));
      List<Due> due = new ArrayList<>();
      run.timers.forEachDue(now, due::add);
      due.forEach(timer -> insist(() -> fragile.advance(timer, now)));
    }

    assertThat(run.steps()).as("crash at call %s", call).containsExactly("one", "two", "three");
    assertThat(run.published.stream().map(SendRequest::occurrence).distinct()).hasSize(1);
    assertThat(run.due()).isEmpty();
    Enrollment end = run.enrollments.ofJourney("drip", 10, null).items().getFirst();
    assertThat(end.status()).isEqualTo(Status.FINISHED);
    assertThat(end.outbox()).isEmpty();
    return crashes.calls();
  }

  /** Delivers a message until it was dealt with, as the queue does. */
  private static void insist(Runnable delivery) {
    for (int receive = 0; receive < 3; receive++) {
      try {
        delivery.run();
        return;
      } catch (Crashes.Crash crash) {
        // The message comes again.
      }
    }
    throw new AssertionError("the message died");
  }

  private List<Instant> due() {
    List<Due> due = new ArrayList<>();
    timers.forEachDue(Instant.parse("2100-01-01T00:00:00Z"), due::add);
    return due.stream().map(Due::minute).toList();
  }
}
