package dev.perennial.testkit;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** People in this process's memory. */
public final class InMemoryPeople implements People {

  private final String workspace;
  private final Totals totals;
  private final Map<PersonId, Person> people = new HashMap<>();
  private final Map<PersonId, Absorbed> absorbed = new HashMap<>();
  private final Map<PersonId, PersonId> pointers = new HashMap<>();

  /** By the hash of an identifier or the id of a person: the erasure that it is marked with. */
  final Map<PersonId, String> erased = new HashMap<>();

  public InMemoryPeople(String workspace, Totals totals) {
    this.workspace = workspace;
    this.totals = totals;
  }

  /** All who live. */
  public synchronized List<Person> all() {
    return List.copyOf(people.values());
  }

  @Override
  public synchronized Located locate(Collection<Identifier> identifiers, Freshness freshness) {
    Map<Identifier, PersonId> located = new HashMap<>();
    Set<Identifier> refused = new HashSet<>();
    for (Identifier identifier : identifiers) {
      PersonId hash = identifier.hash(workspace);
      PersonId id = pointers.get(hash);
      if (erased.containsKey(hash)) {
        refused.add(identifier);
      } else if (id != null) {
        located.put(identifier, id);
      }
    }
    return new Located(located, refused);
  }

  /** Stores the person under all identifiers, whatever was there. */
  public synchronized void put(Person person) {
    people.put(person.id(), person.withVersion(person.version() + 1));
    person
        .identifiers()
        .keySet()
        .forEach(identifier -> pointers.put(identifier.hash(workspace), person.id()));
  }

  @Override
  public String workspace() {
    return workspace;
  }

  @Override
  public synchronized Optional<PersonId> locate(PersonId hash) {
    return Optional.ofNullable(pointers.get(hash));
  }

  @Override
  public synchronized Map<PersonId, Head> read(Collection<PersonId> ids, Freshness freshness) {
    Map<PersonId, Head> heads = new HashMap<>();
    ids.forEach(id -> read(id).ifPresent(head -> heads.put(id, head)));
    return heads;
  }

  @Override
  public synchronized Optional<Head> read(PersonId id) {
    Person person = people.get(id);
    return person == null ? Optional.ofNullable(absorbed.get(id)) : Optional.of(person);
  }

  @Override
  public synchronized Saving save(Change change) {
    boolean holds =
        change.people().stream().allMatch(person -> version(person.id()) == person.version())
            && change.absorbed().stream()
                .allMatch(
                    person ->
                        people.containsKey(person.id()) && version(person.id()) == person.version())
            && change.witnesses().stream()
                .allMatch(person -> version(person.id()) == person.version())
            && change.founded().keySet().stream()
                .noneMatch(
                    identifier ->
                        pointers.containsKey(identifier.hash(workspace))
                            || erased.containsKey(identifier.hash(workspace)));
    if (!holds) {
      return new Saving.Contended();
    }
    for (Absorbed gone : change.absorbed()) {
      people.remove(gone.id());
      absorbed.put(gone.id(), gone.withVersion(gone.version() + 1));
    }
    for (Person person : change.people()) {
      absorbed.remove(person.id());
      people.put(person.id(), person.withVersion(person.version() + 1));
    }
    Stream.of(change.founded(), change.aimed())
        .forEach(
            aims -> aims.forEach((identifier, id) -> pointers.put(identifier.hash(workspace), id)));
    if (change.more() != 0) {
      totals.add(Totals.PROFILES, change.more());
    }
    return new Saving.Saved();
  }

  /** Marks the person and their identifiers; false when the person changed. */
  synchronized boolean erase(Person person, Collection<PersonId> identifiers, String erasure) {
    if (version(person.id()) != person.version() || !people.containsKey(person.id())) {
      return false;
    }
    people.remove(person.id());
    absorbed.put(
        person.id(),
        new Absorbed(person.id(), person.version() + 1, person.id(), person.trail(), Map.of()));
    totals.add(Totals.PROFILES, -1);
    refuse(identifiers, erasure);
    return true;
  }

  synchronized void refuse(Collection<PersonId> identifiers, String erasure) {
    for (PersonId identifier : identifiers) {
      pointers.remove(identifier);
      erased.put(identifier, erasure);
    }
  }

  /** Lets whoever was absorbed be part of nobody; false when nobody was. */
  synchronized boolean retire(PersonId id) {
    return absorbed.computeIfPresent(
            id,
            (_, gone) ->
                new Absorbed(id, gone.version(), id, gone.trailAlone(), gone.memberships()))
        != null;
  }

  /** Forgets whoever was erased, or all but the way to others. */
  synchronized void lift(PersonId id, boolean way) {
    absorbed.computeIfPresent(
        id, (_, gone) -> way ? new Absorbed(id, gone.version(), id, gone.trail(), Map.of()) : null);
  }

  private long version(PersonId id) {
    Person person = people.get(id);
    Absorbed gone = absorbed.get(id);
    return person != null ? person.version() : gone != null ? gone.version() : 0;
  }
}
