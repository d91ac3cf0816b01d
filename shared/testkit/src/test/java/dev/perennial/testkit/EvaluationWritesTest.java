package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What evaluating writes, counted at the ports. */
class EvaluationWritesTest {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final int PEOPLE = 100;
  private static final int DAYS = 90;

  /** Nobody who orders daily is ever in it, and everybody always might be. */
  private static final Segments SEGMENTS =
      Segments.of(
          Map.of(
              new SegmentId("lost"),
              new Condition.LastBefore(EventFilter.named("Order Completed"), Duration.ofDays(30))));

  private final Map<String, Integer> writes = new TreeMap<>();
  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private final InMemoryHistory history = new InMemoryHistory();
  private final InMemoryTimers timers = new InMemoryTimers();
  private final List<ProfileChange> changes = new ArrayList<>();
  private final EvaluateProfile evaluateProfile =
      new EvaluateProfile(
          counted(People.class, people),
          history,
          counted(Timers.class, timers),
          counted(Members.class, new InMemoryMembers()),
          news -> news.forEach(this::published),
          new InMemoryConsents(),
          "test",
          () -> SEGMENTS,
          _ -> {});

  @Test
  void aDailyActivePopulationWritesATimerForTwentyEventsAtMost() {
    Random random = new Random(90);
    for (int day = 0; day < DAYS; day++) {
      for (int person = 0; person < PEOPLE; person++) {
        Instant at = START.plus(Duration.ofDays(day)).plusSeconds(random.nextInt(86_400));
        order("p" + person, at);
      }
      tick(START.plus(Duration.ofDays(day + 1)));
    }

    double perEvent = (double) writes.getOrDefault("register", 0) / (PEOPLE * DAYS);
    System.out.printf(
        "\"No order for 30 days\", %d people, an order a day, %d days: %.4f timer writes, %.4f"
            + " deletions, %.4f person writes per event in EvaluateProfile%n",
        PEOPLE,
        DAYS,
        perEvent,
        (double) writes.getOrDefault("delete", 0) / (PEOPLE * DAYS),
        (double) writes.getOrDefault("save", 0) / (PEOPLE * DAYS));
    assertThat(perEvent).isPositive().isLessThanOrEqualTo(0.05);
    assertThat(writes).doesNotContainKeys("apply", "publish");
  }

  @Test
  void anUpdateThatChangesNoMembershipWritesNothing() {
    order("ann", START);
    assertThat(writes).containsOnly(Map.entry("register", 1), Map.entry("save", 1));
    writes.clear();

    for (int hour = 1; hour < 24 * 29; hour++) {
      order("ann", START.plus(Duration.ofHours(hour)));
    }

    assertThat(writes).isEmpty();
  }

  private void order(String person, Instant at) {
    Event event =
        new Event(
            new Identifier(Namespace.USER_ID, person),
            List.of(),
            person + at,
            EventType.TRACK,
            "Order Completed",
            at,
            at,
            Trust.SERVER,
            Fields.EMPTY,
            Fields.EMPTY,
            Fields.EMPTY);
    changes.clear();
    new RecordEvents(
            people,
            history,
            () -> new Catalog(1, SEGMENTS.counters(), Set.of()),
            new InMemoryTotals(),
            changes::addAll,
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> at,
            _ -> {})
        .record(List.of(List.of(event)));
    assertThat(changes).hasSize(1);
    changes.forEach(
        change ->
            evaluateProfile.evaluate(
                List.of(new Request(change.person(), change.cause(), List.of())), () -> at));
  }

  private void tick(Instant now) {
    List<Due> due = new ArrayList<>();
    new LifecycleTick(timers, due::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {})
        .tick(now, () -> false);
    due.forEach(
        timer ->
            evaluateProfile.evaluate(
                List.of(new Request(timer.person(), Cause.TIME, List.of(timer))), () -> now));
  }

  private void published(Trigger trigger) {
    writes.merge("publish", 1, Integer::sum);
  }

  /** The port, with its calls counted by name unless they only read. */
  private <T> T counted(Class<T> port, T target) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              if (!method.getName().equals("find")) {
                writes.merge(method.getName(), 1, Integer::sum);
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
