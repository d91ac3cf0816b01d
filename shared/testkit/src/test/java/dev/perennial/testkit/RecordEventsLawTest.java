package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
final class RecordEventsLawTest {

  private static final String WORKSPACE = "law";
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final int HISTORIES_PER_SEED = 40;

  /** Counts each tracked event under its name. */
  private static final CounterSet BY_NAME =
      new CounterSet() {
        @Override
        public String id() {
          return "by name";
        }

        @Override
        public Set<CounterId> counters() {
          return Set.of();
        }

        @Override
        public Map<CounterId, Series> count(Map<CounterId, Series> counters, Event event) {
          Map<CounterId, Series> counted = new HashMap<>(counters);
          counted.merge(
              new CounterId(String.valueOf(event.name())),
              Series.EMPTY.plus(event.timestamp(), Series.Point.ONE),
              (series, _) -> series.plus(event.timestamp(), Series.Point.ONE));
          return counted;
        }
      };

  /** What anybody may see of a person. */
  private record Visible(
      Identifier founder,
      Map<Identifier, Instant> identifiers,
      Set<Link> links,
      Map<Identifier, Learned> facets) {}

  private record Learned(
      Map<String, Trait> traits,
      Map<CounterId, Series> counters,
      Instant firstSeen,
      Instant lastSeen,
      Set<Event> events) {}

  static LongStream seeds() {
    return LongStream.range(0, 12L * SCALE);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theOrderOfMessagesDoesNotMatter(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES_PER_SEED; i++) {
      List<Event> events = events(random);
      Set<Visible> expected = recomputed(events);

      for (int order = 0; order < 4; order++) {
        List<Event> twice = new ArrayList<>(events);
        twice.addAll(events);
        Collections.shuffle(twice, random);
        Platform platform = new Platform();
        platform.record(order == 0 ? events : twice, order % 2 == 0 ? 1 : 10);

        assertThat(platform.visible()).isEqualTo(expected);
        platform.assertFindable();
        assertThat(platform.totals.read(Set.of(Totals.PROFILES, Totals.EVENTS)))
            .isEqualTo(
                Map.of(
                    Totals.PROFILES, (long) expected.size(), Totals.EVENTS, (long) events.size()));
      }
    }
  }

  @Test
  void everyOrderOfFiveEventsGivesTheSamePeople() {
    Random random = new Random(5);
    for (int i = 0; i < 20 * SCALE; i++) {
      List<Event> events = events(random).stream().limit(5).toList();
      Set<Visible> expected = recomputed(events);

      for (List<Event> order : permutations(events)) {
        Platform platform = new Platform();
        platform.record(order, 1);
        assertThat(platform.visible()).isEqualTo(expected);
      }
    }
  }

  /** A law about idle people would prove nothing. */
  @Test
  void theHistoriesMakePeopleMeetPartAndBeRefused() {
    Random random = new Random(1);
    int absorbed = 0;
    int parted = 0;
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      List<Event> events = events(random);
      Platform platform = new Platform();
      for (Event event : events) {
        Map<Identifier, Object> homes = platform.homes();
        platform.record(List.of(event), 1);
        Map<Identifier, Object> now = platform.homes();
        absorbed += new HashSet<>(homes.values()).size() > pairs(homes, now) ? 1 : 0;
        parted +=
            homes.keySet().stream()
                    .anyMatch(
                        a ->
                            homes.keySet().stream()
                                .anyMatch(
                                    b ->
                                        homes.get(a).equals(homes.get(b))
                                            && !now.get(a).equals(now.get(b))))
                ? 1
                : 0;
      }
      for (Person person : platform.people.all()) {
        refused +=
            person.links().stream()
                    .anyMatch(
                        link ->
                            !person.identifiers().containsKey(link.a())
                                || !person.identifiers().containsKey(link.b()))
                ? 1
                : 0;
      }
    }
    assertThat(absorbed).isGreaterThan(100);
    assertThat(parted).isGreaterThan(20);
    assertThat(refused).isGreaterThan(100);
  }

  private static int pairs(Map<Identifier, Object> homes, Map<Identifier, Object> now) {
    return homes.keySet().stream().map(now::get).collect(Collectors.toSet()).size();
  }

  private static final class Platform {

    private final InMemoryTotals totals = new InMemoryTotals();
    private final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
    private final History history = new InMemoryHistory();
    private final RecordEvents recordEvents =
        new RecordEvents(
            people,
            history,
            () -> new Catalog(1, BY_NAME, Set.of()),
            totals,
            _ -> {},
            _ -> {},
            WORKSPACE,
            () -> START,
            _ -> {});

    void record(List<Event> events, int batch) {
      for (int from = 0; from < events.size(); from += batch) {
        List<List<Event>> messages =
            events.subList(from, Math.min(events.size(), from + batch)).stream()
                .map(List::of)
                .toList();
        assertThat(recordEvents.record(messages)).isEmpty();
      }
    }

    Set<Visible> visible() {
      return people.all().stream().map(this::visible).collect(Collectors.toSet());
    }

    private Visible visible(Person person) {
      Map<Identifier, Learned> facets = new HashMap<>();
      person.facets().forEach((owner, facet) -> facets.put(owner, learned(facet)));
      return new Visible(person.founder(), person.identifiers(), person.links(), facets);
    }

    private Learned learned(Facet facet) {
      List<Event> events = new ArrayList<>(facet.tail());
      if (facet.newestPage() != null) {
        events.addAll(history.read(facet.owner(), facet.newestPage()));
      }
      assertThat(events).doesNotHaveDuplicates().hasSize((int) facet.events());
      return new Learned(
          facet.traits(),
          facet.counters(),
          facet.firstSeen(),
          facet.lastSeen(),
          Set.copyOf(events));
    }

    Map<Identifier, Object> homes() {
      Map<Identifier, Object> homes = new HashMap<>();
      for (Person person : people.all()) {
        person.identifiers().keySet().forEach(identifier -> homes.put(identifier, person.id()));
      }
      return homes;
    }

    void assertFindable() {
      for (Person person : people.all()) {
        for (Identifier identifier : person.identifiers().keySet()) {
          assertThat(people.find(identifier.hash(WORKSPACE))).contains(person);
        }
      }
    }
  }

  private static List<Event> events(Random random) {
    int ids = 1 + random.nextInt(6);
    int count = 1 + random.nextInt(24);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TreeSet<Identifier> identifiers = new TreeSet<>();
      int wanted = 1 + random.nextInt(3);
      while (identifiers.size() < wanted) {
        identifiers.add(identifier(random, ids));
      }
      events.add(
          new Event(
              identifiers.first(),
              List.copyOf(identifiers),
              "m" + i,
              random.nextInt(8) == 0 ? EventType.ALIAS : EventType.TRACK,
              "Event " + random.nextInt(2),
              START.plusSeconds(random.nextInt(10)),
              START.plusSeconds(10),
              random.nextInt(3) == 0 ? Trust.SERVER : Trust.CLIENT,
              Fields.EMPTY,
              new Fields(
                  Map.of(
                      "t" + random.nextInt(2),
                      random.nextInt(5) == 0
                          ? new Value.Null()
                          : Value.Num.of(random.nextInt(100)))),
              Fields.EMPTY));
    }
    return events;
  }

  private static Identifier identifier(Random random, int ids) {
    List<Namespace> namespaces =
        List.of(
            Namespace.USER_ID,
            Namespace.EMAIL,
            Namespace.DEVICE_ID,
            Namespace.ANONYMOUS_ID,
            Namespace.ANONYMOUS_ID);
    return new Identifier(
        namespaces.get(random.nextInt(namespaces.size())), "" + random.nextInt(ids));
  }

  /** The people by the definition: no stores, no increments, no union-find. */
  private static Set<Visible> recomputed(List<Event> events) {
    Map<Identifier, Instant> firstSeen = new TreeMap<>();
    Map<List<Identifier>, Link> links = new HashMap<>();
    Map<Identifier, List<Event>> byOwner = new HashMap<>();
    for (Event event : events) {
      byOwner.computeIfAbsent(event.owner(), _ -> new ArrayList<>()).add(event);
      firstSeen.merge(event.owner(), event.timestamp(), (a, b) -> Collections.min(List.of(a, b)));
      for (Identifier other : event.others()) {
        firstSeen.merge(other, event.timestamp(), (a, b) -> Collections.min(List.of(a, b)));
        Link link =
            Link.between(
                event.owner(),
                other,
                event.type() == EventType.ALIAS ? Link.Kind.ALIAS : Link.Kind.EVENT,
                event.trust() == Trust.SERVER ? Link.Strength.SERVER : Link.Strength.CLIENT,
                event.timestamp(),
                event.messageId());
        links.merge(
            List.of(link.a(), link.b()), link, (a, b) -> Collections.min(Arrays.asList(a, b)));
      }
    }
    Map<Identifier, Set<Identifier>> groups = new HashMap<>();
    firstSeen.keySet().forEach(identifier -> groups.put(identifier, Set.of(identifier)));
    for (Link link : links.values().stream().sorted().toList()) {
      Set<Identifier> together = new HashSet<>(groups.get(link.a()));
      together.addAll(groups.get(link.b()));
      if (together.stream().filter(it -> it.namespace().equals(Namespace.USER_ID)).count() < 2) {
        together.forEach(identifier -> groups.put(identifier, together));
      }
    }
    return new HashSet<>(groups.values())
        .stream()
            .map(group -> visible(group, firstSeen, links.values(), byOwner))
            .collect(Collectors.toSet());
  }

  private static Visible visible(
      Set<Identifier> group,
      Map<Identifier, Instant> firstSeen,
      Collection<Link> links,
      Map<Identifier, List<Event>> byOwner) {
    Map<Identifier, Instant> seen = new TreeMap<>(firstSeen);
    seen.keySet().retainAll(group);
    Identifier founder =
        seen.keySet().stream()
            .min(
                (a, b) ->
                    seen.get(a).equals(seen.get(b))
                        ? a.compareTo(b)
                        : seen.get(a).compareTo(seen.get(b)))
            .orElseThrow();
    Map<Identifier, Learned> facets = new HashMap<>();
    for (Identifier owner : group) {
      if (byOwner.containsKey(owner)) {
        facets.put(owner, learned(byOwner.get(owner)));
      }
    }
    return new Visible(
        founder,
        seen,
        links.stream()
            .filter(link -> group.contains(link.a()) || group.contains(link.b()))
            .collect(Collectors.toSet()),
        facets);
  }

  private static Learned learned(List<Event> events) {
    Map<String, Trait> traits = new HashMap<>();
    Map<CounterId, Series> counters = Map.of();
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (Event event : events) {
      counters = BY_NAME.count(counters, event);
      first = event.timestamp().isBefore(first) ? event.timestamp() : first;
      last = event.timestamp().isAfter(last) ? event.timestamp() : last;
      event
          .traits()
          .fields()
          .forEach(
              (name, value) -> {
                Trait trait = new Trait(value, event.timestamp(), event.messageId());
                Trait known = traits.get(name);
                boolean later =
                    known == null
                        || trait.at().isAfter(known.at())
                        || (trait.at().equals(known.at())
                            && trait.messageId().compareTo(known.messageId()) > 0);
                if (later) {
                  traits.put(name, trait);
                }
              });
    }
    return new Learned(traits, counters, first, last, Set.copyOf(events));
  }

  private static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> permutations = new ArrayList<>();
    for (T first : items) {
      List<T> rest = new ArrayList<>(items);
      rest.remove(first);
      for (List<T> tail : permutations(rest)) {
        List<T> permutation = new ArrayList<>(List.of(first));
        permutation.addAll(tail);
        permutations.add(permutation);
      }
    }
    return permutations;
  }
}
