package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LifecycleTickTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void tellsEachKindApart() {
    InMemoryTimers timers = new InMemoryTimers();
    Due person = Due.ofPerson(new PersonId("ann"), NOON);
    Due enrollment = Due.ofEnrollment(new PersonId("ann"), "welcome/1", NOON);
    timers.register(person);
    timers.register(enrollment);
    Due erasure = Due.ofErasure(new PersonId("ann"), "e1", NOON);
    timers.register(erasure);
    timers.register(Due.ofPerson(new PersonId("bob"), NOON.plusSeconds(60)));
    Due send = Due.ofSend(new PersonId("ann"), "s1", NOON);
    timers.register(send);
    List<Due> sends = new ArrayList<>();
    List<Due> people = new ArrayList<>();
    List<Due> enrollments = new ArrayList<>();
    List<Due> erasures = new ArrayList<>();

    new LifecycleTick(
            timers, people::addAll, enrollments::addAll, erasures::addAll, sends::addAll, _ -> {})
        .tick(NOON, () -> false);

    assertThat(people).containsExactly(person);
    assertThat(enrollments).containsExactly(enrollment);
    assertThat(erasures).containsExactly(erasure);
    assertThat(sends).containsExactly(send);
  }

  @Test
  void tellsOfACrowdInParts() {
    InMemoryTimers timers = new InMemoryTimers();
    for (int i = 0; i < 250; i++) {
      timers.register(Due.ofPerson(new PersonId("p" + i), NOON));
    }
    List<Integer> batches = new ArrayList<>();

    new LifecycleTick(
            timers, batch -> batches.add(batch.size()), _ -> {}, _ -> {}, _ -> {}, _ -> {})
        .tick(NOON, () -> false);

    assertThat(batches).containsExactly(100, 100, 50);
  }

  @Test
  void tellsOfWhoeverStillWaitsOnceInALeaseHoweverOftenItTicks() {
    InMemoryTimers timers = new InMemoryTimers();
    IntStream.range(0, 100_000)
        .forEach(i -> timers.register(Due.ofPerson(new PersonId("p" + i), NOON)));
    List<Due> told = new ArrayList<>();
    LifecycleTick tick =
        new LifecycleTick(timers, told::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {});

    for (int minute = 0; minute < 15; minute++) {
      tick.tick(NOON.plusSeconds(60L * minute), () -> false);
    }
    assertThat(told).hasSize(100_000).doesNotHaveDuplicates();

    timers.all().stream().skip(3).forEach(timers::delete);
    tick.tick(NOON.plusSeconds(60 * 15), () -> false);
    assertThat(told).hasSize(100_003);
  }

  @Test
  void whatTheTimeWasTooShortForIsToldOfByTheNext() {
    InMemoryTimers timers = new InMemoryTimers();
    IntStream.range(0, 250)
        .forEach(i -> timers.register(Due.ofPerson(new PersonId("p" + i), NOON)));
    List<Due> told = new ArrayList<>();
    LifecycleTick tick =
        new LifecycleTick(timers, told::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {});

    tick.tick(NOON, () -> told.size() >= 200);
    assertThat(told).hasSize(200);
    tick.tick(NOON.plusSeconds(60), () -> false);

    assertThat(told).hasSize(250).doesNotHaveDuplicates();
  }

  @Test
  void tellsNobodyWhenNothingIsDue() {
    List<Due> told = new ArrayList<>();

    new LifecycleTick(
            new InMemoryTimers(),
            _ -> {
              throw new AssertionError("there is nothing to tell");
            },
            told::addAll,
            told::addAll,
            told::addAll,
            told::addAll)
        .tick(NOON, () -> false);

    assertThat(told).isEmpty();
  }

  @Test
  void ofWhomEveryWordIsInVainIsToldEverMoreRarelyAndThenNoMore() {
    InMemoryTimers timers = new InMemoryTimers();
    Due poison = Due.ofPerson(new PersonId("poison"), NOON);
    Due erasure = Due.ofErasure(new PersonId("ann"), "e1", NOON);
    timers.register(poison);
    timers.register(erasure);
    List<Due> told = new ArrayList<>();
    List<Due> erasures = new ArrayList<>();
    LifecycleTick tick =
        new LifecycleTick(timers, told::addAll, _ -> {}, erasures::addAll, _ -> {}, _ -> {});

    int hopeless = 0;
    for (int minute = 0; minute < 3 * 24 * 60; minute++) {
      hopeless += tick.tick(NOON.plusSeconds(60L * minute), () -> false);
    }

    assertThat(hopeless).isEqualTo(1);
    assertThat(told).hasSizeBetween(20, 30).containsOnly(poison);
    assertThat(timers.all()).containsExactly(erasure);
    assertThat(erasures).hasSizeBetween(60, 80);
  }

  @Test
  void whatWasDueWhileNobodyTickedIsNotGivenUp() {
    InMemoryTimers timers = new InMemoryTimers();
    Due late = Due.ofPerson(new PersonId("late"), NOON);
    timers.register(late);
    List<Due> told = new ArrayList<>();
    LifecycleTick tick =
        new LifecycleTick(timers, told::addAll, _ -> {}, _ -> {}, _ -> {}, _ -> {});

    assertThat(tick.tick(NOON.plusSeconds(7 * 86_400), () -> false)).isZero();

    assertThat(told).containsExactly(late);
    assertThat(timers.all()).containsExactly(late);
  }
}
