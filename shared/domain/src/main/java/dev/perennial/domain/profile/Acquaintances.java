package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Located;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The people whom some events may change, and which of the events must be recorded together because
 * they may change the same people. Usually that is the owner's person alone: another identifier of
 * the event matters only when it is not known to be the same person's, nor known to be another's by
 * evidence that the event adds nothing to.
 */
final class Acquaintances {

  /** An event, and the message that it came in. */
  record Copy(int message, Event event) {}

  private final List<Copy> copies;
  private final Set<Identifier> erased = new HashSet<>();
  private final Map<Identifier, PersonId> pointers = new HashMap<>();
  private final Map<Identifier, PersonId> homes = new HashMap<>();
  private final Map<PersonId, Person> found = new HashMap<>();
  private final Map<Copy, Set<Identifier>> involved = new HashMap<>();

  private Acquaintances(List<Copy> copies) {
    this.copies = copies;
  }

  static Acquaintances load(List<Copy> copies, People people, Freshness freshness) {
    Acquaintances acquaintances = new Acquaintances(new ArrayList<>(copies));
    Set<Identifier> owners =
        copies.stream().map(copy -> copy.event().owner()).collect(Collectors.toSet());
    acquaintances.load(owners, people, freshness);
    acquaintances.copies.removeIf(copy -> acquaintances.erased.contains(copy.event().owner()));
    acquaintances.involve();
    Set<Identifier> others =
        acquaintances.involved.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    others.removeAll(owners);
    acquaintances.load(others, people, freshness);
    if (!acquaintances.erased.isEmpty()) {
      acquaintances.copies.replaceAll(acquaintances::withoutErased);
      acquaintances.involve();
    }
    return acquaintances;
  }

  /** The events that are not about erased people; they name none of them any more. */
  List<Copy> copies() {
    return copies;
  }

  private Copy withoutErased(Copy copy) {
    return copy.event().others().stream().anyMatch(erased::contains)
        ? new Copy(copy.message(), copy.event().without(erased))
        : copy;
  }

  private void involve() {
    involved.clear();
    for (Copy copy : copies) {
      involved.put(copy, involvedIn(copy.event()));
    }
  }

  /**
   * Events that may change the same people, together; in each group, and among them, in the order
   * given.
   */
  List<List<Copy>> groups() {
    Map<Object, Object> parents = new HashMap<>();
    for (Copy copy : copies) {
      involved
          .getOrDefault(copy, Set.of())
          .forEach(
              identifier ->
                  parents.put(
                      root(parents, key(identifier)), root(parents, key(copy.event().owner()))));
    }
    return List.copyOf(
        copies.stream()
            .collect(
                Collectors.groupingBy(
                    copy -> root(parents, key(copy.event().owner())),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values());
  }

  /** Whether each identifier was found where its pointer leads. If not, somebody is moving it. */
  boolean consistent(List<Copy> group) {
    return identifiers(group)
        .allMatch(identifier -> !pointers.containsKey(identifier) || person(identifier) != null);
  }

  /** All people whom the group may change. */
  Set<Person> people(List<Copy> group) {
    Set<Person> people = new HashSet<>();
    identifiers(group)
        .forEach(
            identifier -> {
              Person person = person(identifier);
              if (person != null) {
                people.add(person);
              }
            });
    return people;
  }

  /** The change, which also aims the pointers that led to the people it writes by detours. */
  Change aim(Change change) {
    Set<PersonId> absorbed =
        change.absorbed().stream().map(Absorbed::id).collect(Collectors.toSet());
    Map<Identifier, PersonId> aimed = new HashMap<>();
    for (Person person : change.people()) {
      pointers.forEach(
          (identifier, pointer) -> {
            if (person.identifiers().containsKey(identifier)
                && !pointer.equals(person.id())
                && !absorbed.contains(pointer)) {
              aimed.put(identifier, person.id());
            }
          });
    }
    return new Change(
        change.people(),
        change.absorbed(),
        change.witnesses(),
        change.founded(),
        aimed,
        change.more());
  }

  private void load(Collection<Identifier> identifiers, People people, Freshness freshness) {
    if (identifiers.isEmpty()) {
      return;
    }
    Located located = people.locate(identifiers, freshness);
    erased.addAll(located.erased());
    pointers.putAll(located.people());
    Map<Identifier, PersonId> unknown = new HashMap<>(located.people());
    located
        .people()
        .forEach(
            (identifier, pointer) -> {
              Person person = found.get(pointer);
              if (person != null && person.identifiers().containsKey(identifier)) {
                homes.put(identifier, pointer);
                unknown.remove(identifier);
              }
            });
    Following.owners(people, unknown, freshness)
        .forEach(
            (identifier, person) -> {
              homes.put(identifier, person.id());
              // Read at different moments, perhaps: one reading must serve.
              found.putIfAbsent(person.id(), person);
            });
  }

  private Set<Identifier> involvedIn(Event event) {
    Person person = person(event.owner());
    return event.others().stream()
        .filter(other -> person == null || involved(person, event, other))
        .collect(Collectors.toSet());
  }

  private static boolean involved(Person person, Event event, Identifier other) {
    if (person.identifiers().containsKey(other)) {
      return false;
    }
    Link link = Testimony.link(event, other);
    // A repeat of the very event that made the link is involved: what it changed may not have been
    // told.
    return person.links().stream()
        .filter(known -> known.key().equals(link.key()))
        .noneMatch(known -> known.compareTo(link) < 0 && !event.timestamp().isBefore(known.at()));
  }

  /** The owners and the other identifiers that matter. */
  Stream<Identifier> identifiers(List<Copy> group) {
    return group.stream()
        .flatMap(
            copy ->
                Stream.concat(
                    Stream.of(copy.event().owner()),
                    involved.getOrDefault(copy, Set.of()).stream()));
  }

  private @Nullable Person person(Identifier identifier) {
    PersonId home = homes.get(identifier);
    Person person = home == null ? null : found.get(home);
    return person == null || !person.identifiers().containsKey(identifier) ? null : person;
  }

  /** What two identifiers share when they are known to be one person's. */
  private Object key(Identifier identifier) {
    Person person = person(identifier);
    return person == null ? identifier : person.id();
  }

  private static Object root(Map<Object, Object> parents, Object key) {
    Object at = key;
    for (Object up = parents.get(at); up != null && !up.equals(at); up = parents.get(at)) {
      at = up;
    }
    return at;
  }
}
