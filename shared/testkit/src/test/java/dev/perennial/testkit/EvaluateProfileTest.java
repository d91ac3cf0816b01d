package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class EvaluateProfileTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:30Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier PHONE = new Identifier(Namespace.DEVICE_ID, "phone");
  private static final SegmentId RECENT = new SegmentId("recent");
  private static final SegmentId LOST = new SegmentId("lost");

  private static final Map<SegmentId, Condition> CONDITIONS =
      Map.of(
          RECENT,
          new Condition.OfEvents(
              EventFilter.named("Order Completed"),
              Duration.ofDays(30),
              Aggregate.COUNT,
              null,
              Comparisons.of(new Beyond(Side.GTE, BigDecimal.ONE))),
          LOST,
          new Condition.LastBefore(EventFilter.named("Order Completed"), Duration.ofDays(60)));

  /** One person of a platform, up to the queue of triggers. */
  private static final class Platform {
    final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
    final InMemoryTimers timers = new InMemoryTimers();
    final InMemoryMembers members = new InMemoryMembers();
    final List<Transition> published = new ArrayList<>();
    final Crashes crashes = new Crashes();
    final InMemoryHistory history = new InMemoryHistory();
    Map<SegmentId, Condition> recorded = CONDITIONS;
    Map<SegmentId, Condition> evaluated = CONDITIONS;
    Instant now = NOON;
    private int events;

    void order() {
      record(event("Order Completed", ANN));
    }

    Event event(String name, Identifier owner, Identifier... others) {
      return new Event(
          owner,
          List.of(others),
          "m" + events++,
          EventType.TRACK,
          name,
          now,
          now,
          Trust.SERVER,
          Fields.EMPTY,
          Fields.EMPTY,
          Fields.EMPTY);
    }

    void record(Event... some) {
      new RecordEvents(
              people,
              history,
              () -> new Catalog(1, Counters.of(recorded.values()), Set.of()),
              new InMemoryTotals(),
              _ -> {},
              _ -> {},
              new InMemoryTimers(),
              10,
              () -> now,
              _ -> {})
          .record(List.of(List.of(some)));
    }

    Person ann() {
      assertThat(people.all()).hasSize(1);
      return people.all().getFirst();
    }

    void changed() {
      evaluate(new Request(ann().id(), Cause.EVENT, List.of()));
    }

    /** What the next tick after some days finds due is evaluated. */
    void pass(Duration time) {
      now = now.plus(time);
      List<Due> due = new ArrayList<>();
      new LifecycleTick(timers, due::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {})
          .tick(now, () -> false);
      due.forEach(timer -> evaluate(new Request(timer.person(), Cause.TIME, List.of(timer))));
    }

    void evaluate(Request request) {
      @SuppressWarnings("unchecked")
      Publisher<Trigger> triggers =
          crashes.around(
              Publisher.class,
              (Publisher<Trigger>)
                  news ->
                      news.forEach(
                          trigger -> published.add(((Trigger.OfTransition) trigger).transition())));
      Set<?> contended =
          new EvaluateProfile(
                  crashes.around(People.class, people),
                  history,
                  crashes.around(Timers.class, timers),
                  crashes.around(Members.class, members),
                  triggers,
                  new InMemoryConsents(),
                  "test",
                  () -> Segments.of(evaluated),
                  _ -> {})
              .evaluate(List.of(request), () -> now);
      assertThat(contended).isEmpty();
    }

    Transition transition(SegmentId segment, long number, Cause cause) {
      return new Transition(ann().id(), segment, number, now, cause);
    }
  }

  @Test
  void entersOnAnEvent() {
    Platform platform = new Platform();
    platform.order();
    platform.changed();

    assertThat(platform.published).containsExactly(platform.transition(RECENT, 1, Cause.EVENT));
    assertThat(platform.members.size(RECENT)).isEqualTo(1);
    assertThat(platform.ann().outbox()).isEmpty();
    assertThat(platform.timers.all())
        .containsExactly(Due.ofPerson(platform.ann().id(), Instant.parse("2026-03-31T12:01:00Z")));
    assertThat(platform.ann().nextDue()).isEqualTo("2026-03-31T12:01:00Z");
  }

  @Test
  void findsWhoHasAnIdentifierByItsHash() {
    Platform platform = new Platform();
    platform.record(platform.event("Order Completed", ANN, PHONE));
    assertThat(platform.ann().id()).isNotEqualTo(PHONE.hash("test"));

    platform.evaluate(new Request(PHONE.hash("test"), Cause.EVENT, List.of()));

    assertThat(platform.published).containsExactly(platform.transition(RECENT, 1, Cause.EVENT));
  }

  @Test
  void anOrderThatComesWithAMeetingIsNews() {
    Platform platform = new Platform();
    platform.record(platform.event("Page Viewed", PHONE));
    platform.record(platform.event("Page Viewed", ANN));
    platform.now = platform.now.plusSeconds(60);
    platform.record(
        platform.event("Signed In", ANN, PHONE), platform.event("Order Completed", ANN));

    platform.changed();

    assertThat(platform.published).containsExactly(platform.transition(RECENT, 1, Cause.EVENT));
    assertThat(platform.ann().reshaped()).isNull();
  }

  @Test
  void anOrderFromBeforeAMeetingIsNoNews() {
    Platform platform = new Platform();
    platform.record(platform.event("Order Completed", PHONE));
    platform.record(platform.event("Page Viewed", ANN));
    platform.now = platform.now.plusSeconds(60);
    platform.record(platform.event("Signed In", ANN, PHONE));

    platform.changed();

    assertThat(platform.published).containsExactly(platform.transition(RECENT, 1, Cause.MERGE));
  }

  @Test
  void writesNothingForARepeat() {
    Platform platform = new Platform();
    platform.order();
    platform.changed();
    Person before = platform.ann();

    platform.changed();

    assertThat(platform.ann()).isEqualTo(before);
    assertThat(platform.published).hasSize(1);
  }

  @Test
  void exitsAndEntersWhenOnlyTimePasses() {
    Platform platform = new Platform();
    platform.order();
    platform.changed();

    platform.pass(Duration.ofDays(30).plusSeconds(30));

    Transition exit = platform.transition(RECENT, 2, Cause.TIME);
    assertThat(platform.published).last().isEqualTo(exit);
    assertThat(platform.members.size(RECENT)).isZero();

    platform.pass(Duration.ofDays(30));

    Transition entry = platform.transition(LOST, 1, Cause.TIME);
    assertThat(platform.published).last().isEqualTo(entry);
    assertThat(platform.timers.all()).isEmpty();
    assertThat(platform.published).hasSize(3);
  }

  @Test
  void anOrderADayNeedsOneTimerAMonth() {
    Platform platform = new Platform();
    Set<Due> registered = new LinkedHashSet<>();

    for (int day = 0; day < 90; day++) {
      platform.order();
      platform.changed();
      registered.addAll(platform.timers.all());
      platform.pass(Duration.ofDays(1));
      registered.addAll(platform.timers.all());
    }

    assertThat(registered).hasSizeLessThanOrEqualTo(4);
    assertThat(platform.timers.all()).hasSize(1);
    assertThat(platform.published).hasSize(1);
  }

  @Test
  void aCrashAnywhereLosesNothingAndTellsNothingNew() {
    Platform undisturbed = crashing(-1, false);
    int calls = undisturbed.crashes.calls();

    assertThat(undisturbed.published).hasSize(3);
    for (int call = 0; call < calls; call++) {
      for (boolean before : new boolean[] {true, false}) {
        Platform platform = crashing(call, before);

        assertThat(new LinkedHashSet<>(platform.published))
            .as("crash %s call %d", before ? "before" : "after", call)
            .containsExactlyElementsOf(undisturbed.published);
        assertThat(platform.ann().memberships()).isEqualTo(undisturbed.ann().memberships());
        assertThat(platform.ann().outbox()).isEmpty();
        assertThat(platform.members.size(RECENT)).isZero();
        assertThat(platform.members.size(LOST)).isEqualTo(1);
        assertThat(platform.timers.all()).isEmpty();
      }
    }
  }

  /** An order and 61 days, with one call fatal; what crashed is done again, as a queue does. */
  private static Platform crashing(int call, boolean before) {
    Platform platform = new Platform();
    platform.order();
    platform.crashes.dieAt(call, before);
    untilDone(platform::changed);
    platform.now = platform.now.plusSeconds(30);
    for (int month = 0; month < 2; month++) {
      platform.now = platform.now.plus(Duration.ofDays(30));
      untilDone(() -> platform.pass(Duration.ZERO));
    }
    // A timer that a crash left behind fires for nothing.
    platform.pass(Duration.ofDays(1));
    return platform;
  }

  private static void untilDone(Runnable work) {
    while (true) {
      try {
        work.run();
        return;
      } catch (Crashes.Crash e) {
        // Tried again.
      }
    }
  }

  @Test
  void evaluatesAnewWhatSomebodyElseWroteMeanwhile() {
    Platform platform = new Platform();
    platform.order();

    Set<PersonId> contended = evaluateAmongOthers(platform, 4);

    assertThat(contended).isEmpty();
    assertThat(platform.ann().memberships()).containsOnlyKeys(RECENT);
    assertThat(platform.members.size(RECENT)).isEqualTo(1);
  }

  @Test
  void namesWhomOthersKeepWriting() {
    Platform platform = new Platform();
    platform.order();

    Set<PersonId> contended = evaluateAmongOthers(platform, 5);

    assertThat(contended).containsExactly(platform.ann().id());
    assertThat(platform.ann().memberships()).isEmpty();
  }

  /** Evaluates while somebody else writes the person between reading and writing, so many times. */
  private static Set<PersonId> evaluateAmongOthers(Platform platform, int times) {
    List<Due> registered = new ArrayList<>();
    Timers timers =
        new Timers() {
          @Override
          public void register(Due due) {
            registered.add(due);
            if (registered.size() <= times) {
              platform.people.save(Change.of(platform.ann()));
            }
          }

          @Override
          public void delete(Due due) {}

          @Override
          public void forEachDue(Instant now, Consumer<Due> action) {}

          @Override
          public Optional<Instant> nextDue(Instant after, Instant until) {
            return Optional.empty();
          }
        };
    EvaluateProfile evaluateProfile =
        new EvaluateProfile(
            platform.people,
            platform.history,
            timers,
            platform.members,
            _ -> {},
            new InMemoryConsents(),
            "test",
            () -> Segments.of(CONDITIONS),
            _ -> {});
    return evaluateProfile.evaluate(
        List.of(new Request(platform.ann().id(), Cause.EVENT, List.of())), () -> platform.now);
  }

  @Test
  void whatANewSegmentCountsIsCountedFromTheBeginning() {
    Platform platform = new Platform();
    platform.recorded = Map.of();
    platform.evaluated = Map.of();
    for (int i = 0; i < 20; i++) {
      platform.order();
    }
    platform.changed();
    assertThat(platform.ann().facets().values())
        .allSatisfy(facet -> assertThat(facet.counters()).isEmpty());

    platform.evaluated = Map.of(RECENT, orders(20));
    platform.changed();
    assertThat(platform.published).containsExactly(platform.transition(RECENT, 1, Cause.EVENT));

    // Somebody who does not know of it yet records once more.
    platform.order();
    platform.evaluated = Map.of(RECENT, orders(21));
    platform.changed();
    assertThat(platform.ann().memberships().get(RECENT).member()).isTrue();

    platform.recorded = platform.evaluated;
    platform.order();
    platform.evaluated = Map.of(RECENT, orders(23));
    platform.changed();
    assertThat(platform.ann().memberships().get(RECENT).member()).isFalse();
  }

  private static Condition orders(int least) {
    return new Condition.OfEvents(
        EventFilter.named("Order Completed"),
        Duration.ofDays(30),
        Aggregate.COUNT,
        null,
        Comparisons.of(new Beyond(Side.GTE, BigDecimal.valueOf(least))));
  }

  @Test
  void exitsFromASegmentThatIsNoMore() {
    Platform platform = new Platform();
    platform.order();
    platform.changed();

    platform.evaluated = Map.of();
    platform.changed();
    assertThat(platform.members.size(RECENT)).isEqualTo(1);
    platform.now = platform.now.plusSeconds(61);
    platform.changed();

    assertThat(platform.members.size(RECENT)).isZero();
    assertThat(platform.published).last().isEqualTo(platform.transition(RECENT, 2, Cause.EDIT));
  }

  @Test
  void doesNotGoBackInTime() {
    Platform platform = new Platform();
    platform.order();
    platform.changed();
    platform.pass(Duration.ofDays(30).plusSeconds(30));

    platform.now = platform.now.minusSeconds(40);
    platform.changed();

    assertThat(platform.published).hasSize(2);
    assertThat(platform.ann().memberships().get(RECENT).number()).isEqualTo(2);
  }

  @Test
  void deletesTheTimerOfNobody() {
    Platform platform = new Platform();
    platform.order();
    Due timer = Due.ofPerson(new PersonId("nobody"), NOON);
    platform.timers.register(timer);

    platform.evaluate(new Request(timer.person(), Cause.TIME, List.of(timer)));

    assertThat(platform.timers.all()).isEmpty();
  }

  @Test
  void aWholeMinuteIsDemandedOfTimers() {
    assertThatThrownBy(() -> new Due(Due.Kind.PERSON, new PersonId("ann"), NOON, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
