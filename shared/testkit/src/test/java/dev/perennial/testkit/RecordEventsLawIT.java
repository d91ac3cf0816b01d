package dev.perennial.testkit;

import static dev.perennial.testkit.LawPlatform.MOST_USER_IDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.identity.ResolveLinks.Outcome;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of people who share devices and addresses: whatever the order, however often
 * each message comes, however messages are batched, the people are the same, and the ones that a
 * plain recomputation from all events gives.
 */
final class RecordEventsLawIT {

  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final int HISTORIES_PER_SEED = 200;

  /** What anybody may see of a person. */
  private record Visible(
      Map<Identifier, Instant> identifiers, Set<Link> links, Map<Identifier, Learned> facets) {}

  private record Learned(
      Map<String, Trait> traits,
      Map<CounterId, Series> counters,
      Instant firstSeen,
      Instant lastSeen,
      Set<Event> events) {}

  /** 10,000 histories, and ten times as many as laws. */
  static LongStream seeds() {
    return LongStream.range(0, 50L * SCALE);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theOrderOfMessagesDoesNotMatter(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES_PER_SEED; i++) {
      List<Event> events = Histories.random(random);
      LawPlatform inOrder = new LawPlatform();
      inOrder.record(events, 1);
      assertThat(visible(inOrder)).isEqualTo(recomputed(events));
      inOrder.assertFindable();
      String expected = inOrder.shown();

      List<Event> twice = new ArrayList<>(events);
      twice.addAll(events);
      Collections.shuffle(twice, random);
      LawPlatform shuffled = new LawPlatform();
      shuffled.record(twice, 1 + random.nextInt(10));

      assertThat(shuffled.shown()).isEqualTo(expected);
      shuffled.assertFindable();
      assertThat(shuffled.totals.read(Set.of(Totals.PROFILES, Totals.EVENTS)))
          .isEqualTo(
              Map.of(
                  Totals.PROFILES,
                  (long) inOrder.people.all().size(),
                  Totals.EVENTS,
                  (long) events.size()));
    }
  }

  @Test
  void everyOrderOfSixEventsGivesTheSamePeople() {
    Random random = new Random(5);
    for (int i = 0; i < 10 * SCALE; i++) {
      List<Event> events = Histories.random(random).stream().limit(6).toList();
      LawPlatform inOrder = new LawPlatform();
      inOrder.record(events, 1);
      String expected = inOrder.shown();

      for (List<Event> order : Histories.permutations(events)) {
        LawPlatform platform = new LawPlatform();
        platform.record(order, 1);
        assertThat(platform.shown()).isEqualTo(expected);
      }
    }
  }

  /** A law about idle people would prove nothing. */
  @Test
  void theHistoriesMakePeopleMeetPartAndBeRefused() {
    Random random = new Random(1);
    int met = 0;
    int parted = 0;
    int refused = 0;
    int shared = 0;
    for (int i = 0; i < 200; i++) {
      LawPlatform platform = new LawPlatform();
      for (Event event : Histories.random(random)) {
        Map<Identifier, PersonId> before = platform.homes();
        platform.record(List.of(event), 1);
        Map<Identifier, PersonId> after = platform.homes();
        met += people(before.keySet(), before) > people(before.keySet(), after) ? 1 : 0;
        parted += groups(before).stream().anyMatch(group -> people(group, after) > 1) ? 1 : 0;
      }
      Resolution resolution =
          ResolveLinks.resolve(
              Evidence.of(platform.people.all().stream().map(Person::evidence).toList()),
              MOST_USER_IDS);
      refused +=
          Collections.frequency(resolution.outcomes().values(), Outcome.REFUSED_TWO_USER_IDS);
      shared += resolution.shared().size();
    }
    System.out.printf(
        "200 random histories: people met %d times and parted %d times, %d links were refused,"
            + " %d identifiers shared%n",
        met, parted, refused, shared);
    assertThat(met).isGreaterThan(200);
    assertThat(parted).isGreaterThan(200);
    assertThat(refused).isGreaterThan(500);
    assertThat(shared).isGreaterThan(30);
  }

  private static int people(Set<Identifier> identifiers, Map<Identifier, PersonId> homes) {
    return identifiers.stream().map(homes::get).collect(Collectors.toSet()).size();
  }

  private static Set<Set<Identifier>> groups(Map<Identifier, PersonId> homes) {
    return new HashSet<>(
        homes.keySet().stream()
            .collect(Collectors.groupingBy(homes::get, Collectors.toSet()))
            .values());
  }

  private static Set<Visible> visible(LawPlatform platform) {
    return platform.people.all().stream()
        .map(
            person -> {
              Map<Identifier, Learned> facets = new HashMap<>();
              person
                  .facets()
                  .forEach((owner, facet) -> facets.put(owner, learned(facet, platform)));
              return new Visible(person.identifiers(), person.links(), facets);
            })
        .collect(Collectors.toSet());
  }

  private static Learned learned(Facet facet, LawPlatform platform) {
    return new Learned(
        facet.traits(),
        facet.counters(),
        facet.firstSeen(),
        facet.lastSeen(),
        Set.copyOf(platform.events(facet)));
  }

  private static Set<Visible> recomputed(List<Event> events) {
    Map<Identifier, List<Event>> byOwner =
        events.stream().collect(Collectors.groupingBy(Event::owner));
    PlainPeople plain = PlainPeople.of(events, Set.of(), Set.of(), MOST_USER_IDS);
    return plain.groups().stream()
        .map(
            group -> {
              Map<Identifier, Instant> seen = new HashMap<>(plain.firstSeen());
              seen.keySet().retainAll(group);
              Map<Identifier, Learned> facets = new HashMap<>();
              byOwner.forEach(
                  (owner, own) -> {
                    if (group.contains(owner)) {
                      facets.put(owner, learned(own));
                    }
                  });
              return new Visible(
                  seen,
                  plain.links().stream()
                      .filter(link -> group.contains(link.a()) || group.contains(link.b()))
                      .collect(Collectors.toSet()),
                  facets);
            })
        .collect(Collectors.toSet());
  }

  private static Learned learned(List<Event> events) {
    Map<String, Trait> traits = new HashMap<>();
    Map<CounterId, Series> counters = Map.of();
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (Event event : events) {
      counters = LawPlatform.BY_NAME.count(counters, event);
      first = event.timestamp().isBefore(first) ? event.timestamp() : first;
      last = event.timestamp().isAfter(last) ? event.timestamp() : last;
      event
          .traits()
          .fields()
          .forEach(
              (name, value) -> {
                if (value instanceof Fields once) {
                  once.fields().forEach((trait, said) -> learn(traits, event, trait, said, true));
                } else {
                  learn(traits, event, name, value, false);
                }
              });
    }
    return new Learned(traits, counters, first, last, Set.copyOf(events));
  }

  private static void learn(
      Map<String, Trait> traits, Event event, String name, Value value, boolean once) {
    Trait trait = new Trait(value, event.timestamp(), event.messageId(), once);
    Trait known = traits.get(name);
    boolean older =
        known != null
            && (known.at().isBefore(trait.at())
                || (known.at().equals(trait.at())
                    && known.messageId().compareTo(trait.messageId()) < 0));
    if (known == null
        || (known.once() && !once)
        || (known.once() == once && (once ? !older : older))) {
      traits.put(name, trait);
    }
  }
}
