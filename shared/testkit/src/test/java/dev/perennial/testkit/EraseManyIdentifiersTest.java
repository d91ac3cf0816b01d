package dev.perennial.testkit;

import static dev.perennial.testkit.ErasureWorld.NOW;
import static dev.perennial.testkit.ErasureWorld.WORKSPACE;
import static dev.perennial.testkit.ErasureWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.erasure.ErasePerson;
import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.RequestErasure.Answer;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.timer.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Somebody who came from a new browser every day for years: each was a person of their own until
 * they logged in. Calls are counted, of which each is two of a table at most but for what it
 * deletes; a function has time for some 12,000.
 */
final class EraseManyIdentifiersTest {

  private static final int MANY = 3_000;
  private static final int MOST_CALLS = 3_000;
  private static final Identifier USER = new Identifier(Namespace.USER_ID, "ann-7");
  private static final List<Identifier> BROWSERS =
      IntStream.range(0, MANY)
          .mapToObj(n -> new Identifier(Namespace.ANONYMOUS_ID, "browser-" + n))
          .toList();
  private static final SegmentId SEGMENT = new SegmentId("vip");

  private final ErasureWorld world = new ErasureWorld();
  private final Crashes calls = new Crashes();
  private final List<Integer> visits = new ArrayList<>();

  private void populate() {
    List<Absorbed> absorbed = new ArrayList<>();
    for (Identifier browser : BROWSERS) {
      PersonId id = browser.hash(WORKSPACE);
      world.people.put(PeopleContract.person(WORKSPACE, browser));
      world.history.append(
          browser, null, List.of(event(browser, "m", 1, List.of(), Map.of())), NOW);
      absorbed.add(
          new Absorbed(
              id,
              1,
              USER.hash(WORKSPACE),
              Trail.NONE,
              Map.of(
                  SEGMENT, new Membership(2, NOW), new SegmentId("new"), new Membership(2, NOW))));
    }
    List<Identifier> all = new ArrayList<>(List.of(USER));
    all.addAll(BROWSERS);
    Person user = PeopleContract.person(WORKSPACE, all.toArray(Identifier[]::new));
    world.people.save(new Change(List.of(user), absorbed, List.of(), Map.of(), Map.of(), 1));
  }

  private void work() {
    ErasePerson erasePerson = world.erasePerson(calls);
    List<Due> due = new ArrayList<>();
    world.timers.forEachDue(world.now, due::add);
    world.queue.addAll(due);
    while (!world.queue.isEmpty()) {
      int before = calls.calls();
      erasePerson.visit(world.queue.removeFirst(), world.now);
      visits.add(calls.calls() - before);
    }
  }

  private Erasure request() {
    populate();
    Answer answer =
        world.requestErasure(new Crashes()).erase(BROWSERS.get(9).hash(WORKSPACE), "me", NOW);
    return ((Answer.Erasing) answer).erasure();
  }

  @Test
  void everyVisitFitsIntoItsTime() {
    Erasure erasure = request();

    work();
    assertThat(world.erasures.find(erasure.id()).orElseThrow().state())
        .isEqualTo(Erasure.State.ERASED);
    assertThat(world.everything()).doesNotContain("browser-", "ann-7");
    world.now = NOW.plus(ErasePerson.STRAGGLERS).plusSeconds(120);
    work();
    world.now = NOW.plus(ErasureWorld.REFUSED).plus(Duration.ofMinutes(2));
    work();

    Erasure lapsed = world.erasures.find(erasure.id()).orElseThrow();
    assertThat(lapsed.state()).isEqualTo(Erasure.State.LAPSED);
    assertThat(lapsed.counts())
        .containsEntry("absorbed", 3_000L)
        .containsEntry("historyPages", 3_000L);
    assertThat(world.people.erased).isEmpty();
    assertThat(world.people.read(USER.hash(WORKSPACE))).isEmpty();
    assertThat(world.people.read(BROWSERS.getLast().hash(WORKSPACE))).isEmpty();
    assertThat(world.timers.all()).isEmpty();
    System.out.println(
        "erasing %,d identifiers: %d visits, at most %,d calls"
            .formatted(MANY, visits.size(), visits.stream().max(Integer::compare).orElseThrow()));
    assertThat(visits).allSatisfy(n -> assertThat(n).isLessThan(MOST_CALLS));
  }

  @Test
  void aCrashRepeatsOneGoAtMost() {
    Erasure erasure = request();
    calls.dieAt(9_000, true);

    assertThatThrownBy(this::work).isInstanceOf(Crashes.Crash.class);
    assertThat(world.erasures.find(erasure.id()).orElseThrow().done()).isPositive();
    world.now = NOW.plus(Duration.ofMinutes(3));
    int before = calls.calls();
    work();

    assertThat(world.erasures.find(erasure.id()).orElseThrow().state())
        .isEqualTo(Erasure.State.ERASED);
    assertThat(world.everything()).doesNotContain("browser-", "ann-7");
    // All of it takes some 24,000.
    assertThat(calls.calls() - before).isLessThan(24_000 - 9_000 + MOST_CALLS);
  }
}
