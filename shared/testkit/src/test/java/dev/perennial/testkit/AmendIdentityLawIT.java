package dev.perennial.testkit;

import static dev.perennial.testkit.LawPlatform.MOST_USER_IDS;
import static dev.perennial.testkit.LawPlatform.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.profile.AmendIdentity.Amendment;
import dev.perennial.domain.profile.AmendIdentity.Amendment.Amended;
import dev.perennial.domain.profile.Person;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the team says of who is who, amid random histories: what it takes back is as if it had never
 * been.
 */
final class AmendIdentityLawIT {

  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final int HISTORIES_PER_SEED = 50;

  static LongStream seeds() {
    return LongStream.range(0, 20L * SCALE);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withoutALinkPeopleAreAsIfItHadNeverBeenSaid(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES_PER_SEED; i++) {
      List<Event> events = Histories.random(random);
      LawPlatform platform = new LawPlatform();
      platform.record(events, 1);
      List<Link> links = links(platform);
      if (links.isEmpty()) {
        continue;
      }
      String before = platform.shown();
      Link link = links.get(random.nextInt(links.size()));

      done(platform.amend.withdraw(ofA(link, platform).id(), link.key().id(), "desk"));

      assertThat(platform.groups())
          .isEqualTo(PlainPeople.of(events, Set.of(), Set.of(link.key()), MOST_USER_IDS).groups());
      assertThat(platform.profiles()).isEqualTo(neverSaid(link, events).profiles());
      platform.assertFindable();
      platform.record(events, 3);
      assertThat(platform.groups())
          .isEqualTo(PlainPeople.of(events, Set.of(), Set.of(link.key()), MOST_USER_IDS).groups());

      done(platform.amend.allow(ofA(link, platform).id(), link.key().id()));

      assertThat(platform.shown()).isEqualTo(before);
      platform.assertFindable();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aMergeThatIsTakenBackLeavesEverybodyAsTheyWere(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES_PER_SEED; i++) {
      LawPlatform platform = new LawPlatform();
      platform.record(Histories.random(random), 1);
      List<Identifier> all = new ArrayList<>(new TreeSet<>(platform.homes().keySet()));
      if (all.size() < 2) {
        continue;
      }
      Collections.shuffle(all, random);
      Set<Set<Identifier>> before = platform.groups();

      String shown = platform.shown();
      if (!merged(platform.amend.merge(all.subList(0, 2)))) {
        assertThat(platform.shown()).isEqualTo(shown);
        continue;
      }
      Link merge =
          links(platform).stream()
              .filter(link -> link.kind() == Link.Kind.MERGE)
              .findFirst()
              .orElseThrow();
      done(platform.amend.withdraw(ofA(merge, platform).id(), merge.key().id(), "desk"));

      assertThat(platform.groups()).isEqualTo(before);
      platform.assertFindable();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eventsAndAmendmentsInAnyOrderGiveThePeopleThatAllOfThemTogetherMean(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES_PER_SEED; i++) {
      List<Event> events = Histories.random(random);
      Collections.shuffle(events, random);
      LawPlatform platform = new LawPlatform();
      Set<Link.Key> withdrawn = new HashSet<>();
      for (Event event : events) {
        platform.record(List.of(event), 1);
        List<Link> links = links(platform);
        List<Identifier> all = new ArrayList<>(new TreeSet<>(platform.homes().keySet()));
        if (links.isEmpty() || all.size() < 2) {
          continue;
        }
        Link link = links.get(random.nextInt(links.size()));
        switch (random.nextInt(8)) {
          case 0 -> {
            done(platform.amend.withdraw(ofA(link, platform).id(), link.key().id(), "desk"));
            withdrawn.add(link.key());
          }
          case 1 -> {
            done(platform.amend.allow(ofA(link, platform).id(), link.key().id()));
            withdrawn.remove(link.key());
          }
          case 2 -> {
            Collections.shuffle(all, random);
            List<Identifier> two = all.subList(0, 2);
            if (merged(platform.amend.merge(two))) {
              TreeSet<Identifier> sorted = new TreeSet<>(two);
              withdrawn.remove(new Link.Key(sorted.first(), sorted.last(), true));
            }
          }
          default -> {}
        }
      }
      List<Link> merges =
          links(platform).stream().filter(link -> link.kind() == Link.Kind.MERGE).toList();

      assertThat(platform.groups())
          .isEqualTo(PlainPeople.of(events, merges, withdrawn, MOST_USER_IDS).groups());
      platform.assertFindable();
    }
  }

  /** The people had no event ever named both ends of that link. */
  private static LawPlatform neverSaid(Link link, List<Event> events) {
    LawPlatform platform = new LawPlatform();
    platform.record(
        events.stream()
            .map(
                event ->
                    link.key().names(event.owner())
                        ? event.without(Set.of(link.other(event.owner())))
                        : event)
            .toList(),
        1);
    return platform;
  }

  private static List<Link> links(LawPlatform platform) {
    TreeSet<Link> links = new TreeSet<>();
    platform.people.all().forEach(person -> links.addAll(person.links()));
    return List.copyOf(links);
  }

  private static Person ofA(Link link, LawPlatform platform) {
    return platform.people.find(link.a().hash(WORKSPACE)).orElseThrow();
  }

  /** Whether the merge was; one with a shared identifier is refused. */
  private static boolean merged(Amendment amendment) {
    assertThat(amendment).isInstanceOfAny(Amended.class, Amendment.Shared.class);
    return amendment instanceof Amended;
  }

  private static void done(Amendment amendment) {
    assertThat(amendment).isInstanceOf(Amended.class);
  }
}
