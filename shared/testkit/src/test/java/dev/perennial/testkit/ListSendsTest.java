package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.ListSends;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sends of somebody with 3,000 identifiers; calls are counted. */
final class ListSendsTest {

  private static final String WORKSPACE = "test";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier USER = new Identifier(Namespace.USER_ID, "ann-7");
  private static final List<Identifier> BROWSERS =
      IntStream.range(0, 3_000)
          .mapToObj(n -> new Identifier(Namespace.ANONYMOUS_ID, "browser-" + n))
          .toList();

  private final InMemoryPeople people = new InMemoryPeople(WORKSPACE, new InMemoryTotals());
  private final Crashes calls = new Crashes();
  private final ListSends listSends =
      new ListSends(
          calls.around(People.class, people),
          calls.around(Sends.class, new InMemorySends(new InMemoryConsents())));

  private static Person user() {
    List<Identifier> all = new ArrayList<>(List.of(USER));
    all.addAll(BROWSERS);
    return PeopleContract.person(WORKSPACE, all.toArray(Identifier[]::new));
  }

  private int callsToList() {
    int before = calls.calls();
    listSends.list(people.find(USER.hash(WORKSPACE)).orElseThrow(), NOW);
    return calls.calls() - before;
  }

  @Test
  void looksOnlyWhereThePersonEverLived() {
    people.put(user());

    assertThat(callsToList()).isLessThan(5);
  }

  @Test
  void looksUnderNoMoreIdsThanAnAnswerHasTimeFor() {
    List<Absorbed> absorbed = new ArrayList<>();
    for (Identifier browser : BROWSERS) {
      people.put(PeopleContract.person(WORKSPACE, browser));
      absorbed.add(
          new Absorbed(browser.hash(WORKSPACE), 1, USER.hash(WORKSPACE), Trail.NONE, Map.of()));
    }
    people.save(new Change(List.of(user()), absorbed, List.of(), Map.of(), Map.of(), 1));

    assertThat(callsToList()).isBetween(500, 510);
  }
}
