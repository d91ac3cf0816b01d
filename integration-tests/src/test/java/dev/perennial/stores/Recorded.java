package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.Series;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stores hold of some events, and what it comes to. */
record Recorded(Collection<Person> living, People people, History history, String workspace) {

  /** What anybody may see of a person. */
  record Visible(
      Map<Identifier, Instant> identifiers, Set<Link> links, Map<Identifier, Learned> facets) {}

  /** What anybody may see of a facet; its events as texts, each as often as it is there. */
  record Learned(
      Map<String, Trait> traits,
      Map<CounterId, Series> counters,
      long count,
      List<String> events) {}

  /** How many of the events and their identifiers are not as they should be. */
  record Faults(long lost, long doubled, long orphaned) {
    static final Faults NONE = new Faults(0, 0, 0);
  }

  /** The people whom one process makes of the events, each coming once and in order. */
  static Set<Visible> expected(List<Event> events, String workspace) {
    InMemoryTotals totals = new InMemoryTotals();
    InMemoryPeople people = new InMemoryPeople(workspace, totals);
    InMemoryHistory history = new InMemoryHistory();
    Recording recording =
        new Recording(people, history, totals, _ -> {}, _ -> {}, new InMemoryTimers());
    assertThat(recording.start(0).record(List.of(events))).isEmpty();
    return new Recorded(people.all(), people, history, workspace).visible();
  }

  Set<Visible> visible() {
    return living.stream().map(this::visible).collect(Collectors.toSet());
  }

  /** Looks for every event and identifier in every person. */
  Faults faults(List<Event> events) {
    Map<String, Integer> found = new HashMap<>();
    for (Person person : living) {
      for (Facet facet : person.facets().values()) {
        events(facet).forEach(event -> found.merge(name(event), 1, Integer::sum));
      }
    }
    long lost = events.stream().filter(event -> !found.containsKey(name(event))).count();
    long doubled = found.values().stream().filter(times -> times > 1).count();
    long miscounted =
        living.stream()
            .flatMap(person -> person.facets().values().stream())
            .mapToLong(facet -> Math.abs(facet.events() - events(facet).size()))
            .sum();
    return new Faults(lost, doubled + miscounted, orphaned(events));
  }

  /**
   * Identifiers that are not in exactly one person, or whose pointer does not lead there, or whose
   * facet is elsewhere.
   */
  private long orphaned(List<Event> events) {
    Set<Identifier> identifiers =
        events.stream()
            .flatMap(event -> Stream.concat(Stream.of(event.owner()), event.others().stream()))
            .collect(Collectors.toSet());
    Map<Identifier, PersonId> pointers = people.locate(identifiers, Freshness.CURRENT).people();
    Map<Identifier, Person> led = Following.owners(people, pointers, Freshness.CURRENT);
    return identifiers.stream()
        .filter(
            identifier -> {
              List<Person> homes =
                  living.stream()
                      .filter(person -> person.identifiers().containsKey(identifier))
                      .toList();
              return homes.size() != 1
                  || !homes.getFirst().equals(led.get(identifier))
                  || people.find(identifier.hash(workspace)).stream()
                      .noneMatch(homes.getFirst()::equals)
                  || living.stream()
                      .anyMatch(
                          person ->
                              !person.equals(homes.getFirst())
                                  && person.facets().containsKey(identifier));
            })
        .count();
  }

  private Visible visible(Person person) {
    Map<Identifier, Learned> facets = new HashMap<>();
    person
        .facets()
        .forEach(
            (owner, facet) ->
                facets.put(
                    owner,
                    new Learned(
                        facet.traits(),
                        facet.counters(),
                        facet.events(),
                        events(facet).stream().map(Recorded::name).sorted().toList())));
    return new Visible(person.identifiers(), person.links(), facets);
  }

  private List<Event> events(Facet facet) {
    List<Event> events = new ArrayList<>(facet.tail());
    if (facet.newestPage() != null) {
      events.addAll(history.read(facet.owner(), facet.newestPage()));
    }
    return events;
  }

  private static String name(Event event) {
    return event.owner() + " " + event.messageId();
  }
}
