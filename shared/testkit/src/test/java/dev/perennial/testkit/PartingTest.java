package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.AmendIdentity.Amendment;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value.Fields;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Changes of who is who that take more than one write, and the process dies at each of them. */
final class PartingTest {

  private static final String WORKSPACE = "test";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Identifier TABLET = new Identifier(Namespace.DEVICE_ID, "tablet");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  private static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob");

  /** A store, and functions over it that die now and then. */
  private static final class Platform {
    final InMemoryPeople people = new InMemoryPeople(WORKSPACE, new InMemoryTotals());
    final InMemoryTimers timers = new InMemoryTimers();
    final Crashes crashes = new Crashes();
    final Set<String> told = new HashSet<>();

    void record(Event... events) {
      assertThat(
              new RecordEvents(
                      crashes.around(People.class, bounded(people)),
                      new InMemoryHistory(),
                      () -> new Catalog(1, Counters.NONE, Set.of()),
                      new InMemoryTotals(),
                      news -> news.forEach(change -> told.add(change.person().value())),
                      _ -> {},
                      crashes.around(Timers.class, timers),
                      10,
                      () -> NOW,
                      _ -> {})
                  .record(List.of(List.of(events))))
          .isEmpty();
    }

    AmendIdentity amend() {
      return new AmendIdentity(
          crashes.around(People.class, people),
          crashes.around(Timers.class, timers),
          crashes.aroundPublisher(
              news -> news.forEach(change -> told.add(change.person().value()))),
          10,
          () -> NOW.plusSeconds(10),
          _ -> {});
    }

    Person person(Identifier identifier) {
      return people.find(identifier.hash(WORKSPACE)).orElseThrow();
    }

    /** Who is one person, and whether that is all. */
    Map<String, Boolean> groups() {
      return people.all().stream()
          .collect(
              Collectors.toMap(
                  person -> new TreeSet<>(person.identifiers().keySet()).toString(),
                  Person::unsettled,
                  (one, _) -> one,
                  TreeMap::new));
    }
  }

  /** The store, as one that writes no more than 100 items at once. */
  private static People bounded(People people) {
    return (People)
        Proxy.newProxyInstance(
            People.class.getClassLoader(),
            new Class<?>[] {People.class},
            (_, method, arguments) -> {
              if (method.getName().equals("save")) {
                Change change = (Change) arguments[0];
                assertThat(
                        change.people().size()
                            + change.absorbed().size()
                            + change.witnesses().size()
                            + change.founded().size()
                            + change.aimed().size())
                    .isLessThan(100);
              }
              try {
                return method.invoke(people, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Identifier visitor(int i) {
    return new Identifier(Namespace.ANONYMOUS_ID, "visitor" + i);
  }

  private static Identifier user(int i) {
    return new Identifier(Namespace.USER_ID, "user" + i);
  }

  private static Event event(Identifier owner, int second, Identifier... others) {
    return event(owner, second, Trust.CLIENT, others);
  }

  private static Event event(Identifier owner, int second, Trust trust, Identifier... others) {
    return new Event(
        owner,
        List.of(others),
        owner.value() + second,
        EventType.TRACK,
        "Pinged",
        NOW.minusSeconds(3_600).plusSeconds(second),
        NOW,
        trust,
        Fields.EMPTY,
        Fields.EMPTY,
        Fields.EMPTY);
  }

  /** A tablet that twenty visitors used, and ten people who signed in. */
  private static Platform shop() {
    Platform platform = new Platform();
    for (int i = 0; i < 20; i++) {
      platform.record(event(TABLET, 100 + i, visitor(i)));
    }
    for (int i = 0; i < 10; i++) {
      platform.record(event(user(i), 200 + i, TABLET));
    }
    assertThat(platform.groups()).hasSize(10).containsValue(false).doesNotContainValue(true);
    return platform;
  }

  @Test
  void everybodyWhomASharedTabletHeldTogetherPartsAFewAtATime() {
    Platform platform = shop();
    int before = platform.crashes.calls();

    platform.record(event(user(10), 300, TABLET));

    Map<String, Boolean> apart = platform.groups();
    assertThat(apart).hasSize(32).doesNotContainValue(true);
    int calls = platform.crashes.calls() - before;
    assertThat(calls).isGreaterThan(8);
    for (int call = 0; call < calls; call++) {
      for (boolean early : List.of(true, false)) {
        Platform dying = shop();
        dying.crashes.dieAt(dying.crashes.calls() + call, early);
        try {
          dying.record(event(user(10), 300, TABLET));
        } catch (Crashes.Crash e) {
          dying.record(event(user(10), 300, TABLET));
        }
        assertThat(dying.groups()).isEqualTo(apart);
        assertEverybodyIsTold(dying);
      }
    }
  }

  /** Whoever was reshaped and is not evaluated yet is told of, or has a timer that tells. */
  @Test
  void allWhomAnIdentifierMetComeTogetherOnceItIsNoLongerShared() {
    Platform platform = new Platform();
    for (int i = 0; i < 100; i++) {
      platform.record(event(TABLET, 100 + i, visitor(i)));
    }
    for (int i = 0; i < 11; i++) {
      platform.record(event(TABLET, 300 + i, user(i)));
    }
    assertThat(platform.person(TABLET).identifiers()).hasSize(1);
    Link last =
        platform.person(TABLET).links().stream()
            .filter(link -> link.key().names(user(10)))
            .findFirst()
            .orElseThrow();

    amended(platform.amend().withdraw(platform.person(TABLET).id(), last.key().id(), "desk"));

    // The tablet, the first user, and the visitors of which the tablet remembers.
    assertThat(platform.person(TABLET).identifiers()).hasSize(1 + 1 + 70).containsKey(user(0));
    assertThat(platform.person(user(10)).identifiers()).hasSize(1);
  }

  @Test
  void aDeviceThatHundredsSharedJoinsItsNewOwnerOnceItIsReset() {
    Platform platform = new Platform();
    for (int i = 0; i < 120; i++) {
      platform.record(event(TABLET, i, user(i)));
    }
    amended(platform.amend().reset(platform.person(TABLET).id(), TABLET));

    platform.record(event(TABLET, 200, user(200)));
    platform.record(event(TABLET, 201, user(201)));
    platform.record(event(TABLET, 202, visitor(1)));

    assertThat(platform.person(TABLET).identifiers())
        .containsOnlyKeys(TABLET, user(200), visitor(1));
    assertThat(platform.person(TABLET).links())
        .filteredOn(link -> link.key().names(user(200)) || link.key().names(user(201)))
        .hasSize(2);
  }

  @Test
  void whoWaitedForAnAddressJoinsItsOwnerHoweverManyClaimedIt() {
    Platform platform = new Platform();
    Identifier mail = new Identifier(Namespace.EMAIL, "ann@example.test");
    for (int i = 1; i <= 90; i++) {
      platform.record(event(user(i), i, mail));
    }
    for (int i = 0; i < 20; i++) {
      platform.record(event(visitor(i), 100 + i, mail));
    }

    platform.record(event(user(0), 200, Trust.SERVER, mail));

    assertThat(platform.person(mail).identifiers()).hasSize(1 + 1 + 20).containsKey(user(0));
  }

  @Test
  void whoUsesManySharedTabletsStillMeetsPeople() {
    Platform platform = new Platform();
    Identifier demo = new Identifier(Namespace.EMAIL, "demo@example.test");
    for (int i = 0; i < 105; i++) {
      Identifier tablet = new Identifier(Namespace.DEVICE_ID, "tablet" + i);
      for (int j = 0; j < 11; j++) {
        platform.record(event(tablet, j, user(100 * i + j)));
      }
      platform.record(event(demo, i, tablet));
    }
    platform.record(event(visitor(1), 0));

    platform.record(event(demo, 200, visitor(1)));

    assertThat(platform.person(demo).identifiers()).containsOnlyKeys(demo, visitor(1));
  }

  @Test
  void whoeverClaimsAnAddressThatAServerKnowsChangesNothing() {
    Platform platform = new Platform();
    Identifier mail = new Identifier(Namespace.EMAIL, "ann@example.test");
    platform.record(event(user(0), 0, Trust.SERVER, mail));
    for (int i = 1; i <= 150; i++) {
      platform.record(event(user(i), i, mail));
    }

    assertThat(platform.person(mail).identifiers()).containsOnlyKeys(user(0), mail);
    assertThat(platform.person(mail).links()).hasSize(100);
  }

  private static void assertEverybodyIsTold(Platform platform) {
    Set<String> due =
        platform.timers.all().stream()
            .map(timer -> timer.person().value())
            .collect(Collectors.toSet());
    for (Person person : platform.people.all()) {
      assertThat(
              person.reshaped() == null
                  || platform.told.contains(person.id().value())
                  || due.contains(person.id().value()))
          .as("%s is told", person.identifiers().keySet())
          .isTrue();
    }
  }

  @Test
  void amendmentsThatDieAreSaidAgain() {
    Function<Platform, Amendment> merge = p -> p.amend().merge(List.of(ANN, BOB));
    Function<Platform, Amendment> withdraw =
        p -> p.amend().withdraw(p.person(ANN).id(), linkOf(p, ANN, visitor(1)), "desk");
    Function<Platform, Amendment> allow =
        p -> p.amend().allow(p.person(ANN).id(), linkOf(p, ANN, visitor(1)));
    Function<Platform, Amendment> reset = p -> p.amend().reset(p.person(TABLET).id(), TABLET);
    List<List<Function<Platform, Amendment>>> series =
        List.of(List.of(merge), List.of(withdraw), List.of(withdraw, allow), List.of(reset));
    List<String> outcomes = new ArrayList<>();
    for (List<Function<Platform, Amendment>> amendments : series) {
      Platform undisturbed = shopWithCouple();
      String before = undisturbed.groups().toString();
      int first = undisturbed.crashes.calls();
      amendments.forEach(amendment -> amended(amendment.apply(undisturbed)));
      int calls = undisturbed.crashes.calls() - first;
      outcomes.add(undisturbed.groups().toString().equals(before) ? "same" : "changed");
      for (int call = 0; call < calls; call++) {
        for (boolean early : List.of(true, false)) {
          Platform dying = shopWithCouple();
          dying.crashes.dieAt(dying.crashes.calls() + call, early);
          for (Function<Platform, Amendment> amendment : amendments) {
            try {
              amended(amendment.apply(dying));
            } catch (Crashes.Crash e) {
              assertEverybodyIsTold(dying);
              amended(amendment.apply(dying));
            }
          }
          assertThat(dying.groups()).isEqualTo(undisturbed.groups());
          assertEverybodyIsTold(dying);
        }
      }
    }
    // What is allowed again is as before, and a reset alone moves nobody.
    assertThat(outcomes).containsExactly("changed", "changed", "same", "same");
  }

  private static Platform shopWithCouple() {
    Platform platform = shop();
    platform.record(event(user(10), 300, TABLET));
    platform.record(event(ANN, 1, visitor(101), visitor(1)));
    platform.record(event(BOB, 2, visitor(102)));
    platform.told.clear();
    return platform;
  }

  private static String linkOf(Platform platform, Identifier one, Identifier other) {
    return platform.person(one).links().stream()
        .filter(link -> link.key().names(one) && link.key().names(other))
        .findFirst()
        .orElseThrow()
        .key()
        .id();
  }

  private static void amended(Amendment amendment) {
    assertThat(amendment).isInstanceOf(Amendment.Amended.class);
  }
}
