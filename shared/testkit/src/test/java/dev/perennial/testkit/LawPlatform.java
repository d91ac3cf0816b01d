package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.ExplainIdentity;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.IdentityCodec;
import dev.perennial.json.Json;
import dev.perennial.json.ProfileCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Recording and amending over stores in memory, on a clock that stands still. */
final class LawPlatform {

  static final String WORKSPACE = "law";

  /** So few that random histories make identifiers shared. */
  static final int MOST_USER_IDS = 2;

  /** Counts each tracked event under its name. */
  static final CounterSet BY_NAME =
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

  final InMemoryTotals totals = new InMemoryTotals();
  final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
  final History history = new InMemoryHistory();
  private final RecordEvents recordEvents =
      new RecordEvents(
          people,
          history,
          () -> new Catalog(1, BY_NAME, Set.of()),
          totals,
          _ -> {},
          _ -> {},
          new InMemoryTimers(),
          MOST_USER_IDS,
          () -> Histories.START,
          _ -> {});
  final AmendIdentity amend =
      new AmendIdentity(
          people, new InMemoryTimers(), _ -> {}, MOST_USER_IDS, () -> Histories.START, _ -> {});

  void record(List<Event> events, int batch) {
    for (int from = 0; from < events.size(); from += batch) {
      List<List<Event>> messages =
          events.subList(from, Math.min(events.size(), from + batch)).stream()
              .map(List::of)
              .toList();
      assertThat(recordEvents.record(messages)).isEmpty();
    }
  }

  /** Who is one person. */
  Set<Set<Identifier>> groups() {
    return people.all().stream()
        .map(person -> Set.copyOf(person.identifiers().keySet()))
        .collect(Collectors.toSet());
  }

  Map<Identifier, PersonId> homes() {
    Map<Identifier, PersonId> homes = new HashMap<>();
    for (Person person : people.all()) {
      person.identifiers().keySet().forEach(identifier -> homes.put(identifier, person.id()));
    }
    return homes;
  }

  /** Every person is found by the hash of every identifier, and by every id ever given out. */
  void assertFindable() {
    for (Person person : people.all()) {
      assertThat(person.unsettled()).isFalse();
      for (Identifier identifier : person.identifiers().keySet()) {
        assertThat(people.find(identifier.hash(WORKSPACE))).contains(person);
        assertThat(
                Following.owners(
                    people,
                    people.locate(Set.of(identifier), Freshness.CURRENT).people(),
                    Freshness.CURRENT))
            .isEqualTo(Map.of(identifier, person));
      }
    }
  }

  /** Everything that the API shows of everybody, byte for byte. */
  String shown() {
    return people.all().stream().map(this::shown).sorted().collect(Collectors.joining("\n"));
  }

  /**
   * What the API shows of everybody who did something, but for ids, which tell who was founded
   * first, and when whoever is named was first seen.
   */
  List<String> profiles() {
    return people.all().stream()
        .filter(person -> !person.facets().isEmpty())
        .map(
            person -> {
              Map<String, Value> profile = new TreeMap<>(profile(person).fields());
              profile.remove("id");
              return text(new Fields(profile)).replaceAll(",?\"firstSeen\":\"[^\"]*\"", "");
            })
        .sorted()
        .toList();
  }

  private static Fields profile(Person person) {
    return ProfileCodec.write(
        Profile.of(person, WORKSPACE, Histories.START.plusSeconds(60)),
        Permissions.NONE,
        List.of());
  }

  private String shown(Person person) {
    Set<Identifier> strangers = new TreeSet<>();
    for (Link link : person.links()) {
      strangers.addAll(List.of(link.a(), link.b()));
    }
    strangers.removeAll(person.identifiers().keySet());
    List<Evidence> neighbours =
        new HashSet<>(
                Following.owners(
                        people,
                        people.locate(strangers, Freshness.CURRENT).people(),
                        Freshness.CURRENT)
                    .values())
            .stream().map(Person::evidence).toList();
    return text(profile(person))
        + text(
            IdentityCodec.write(
                ExplainIdentity.explain(person.evidence(), neighbours, MOST_USER_IDS)))
        + events(person);
  }

  private String events(Person person) {
    return person.facets().values().stream()
        .flatMap(facet -> events(facet).stream())
        .sorted(Comparator.comparing(Event::timestamp).thenComparing(Event::messageId))
        .map(event -> text(ProfileCodec.writeHistory(event)))
        .collect(Collectors.joining());
  }

  List<Event> events(Facet facet) {
    List<Event> events = new ArrayList<>(facet.tail());
    if (facet.newestPage() != null) {
      events.addAll(history.read(facet.owner(), facet.newestPage()));
    }
    assertThat(events).doesNotHaveDuplicates().hasSize((int) facet.events());
    return events;
  }

  private static String text(Value value) {
    return new String(Json.bytes(value), StandardCharsets.UTF_8);
  }
}
