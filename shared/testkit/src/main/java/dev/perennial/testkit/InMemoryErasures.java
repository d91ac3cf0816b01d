package dev.perennial.testkit;

import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.Remains;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Erasures of a test. */
public final class InMemoryErasures implements Erasures {

  private final InMemoryPeople people;
  private final InMemoryConsents consents;
  private final Map<String, Erasure> records = new HashMap<>();
  private final Map<PersonId, Remains> remains = new HashMap<>();

  /** By the id of a person: the erasure that what is left there is marked with. */
  private final Map<PersonId, String> heads = new HashMap<>();

  public InMemoryErasures(InMemoryPeople people, InMemoryConsents consents) {
    this.people = people;
    this.consents = consents;
  }

  @Override
  public synchronized Optional<Erasure> find(String id) {
    return Optional.ofNullable(records.get(id));
  }

  @Override
  public synchronized Optional<Erasure> of(PersonId id) {
    return Optional.ofNullable(people.erased.get(id)).flatMap(this::find);
  }

  @Override
  public synchronized boolean begin(Person person, Remains left, Erasure erasure) {
    if (!people.erase(person, left.identifiers(), erasure.id())) {
      return false;
    }
    consents.fence(person.id());
    heads.put(person.id(), erasure.id());
    records.put(erasure.id(), erasure);
    remains.put(person.id(), left);
    return true;
  }

  @Override
  public synchronized Optional<Remains> remains(PersonId person) {
    return Optional.ofNullable(remains.get(person));
  }

  @Override
  public synchronized void refuse(Collection<PersonId> identifiers, String erasure) {
    people.refuse(identifiers, erasure);
  }

  @Override
  public synchronized boolean retire(PersonId id, String erasure) {
    return !heads.containsKey(id) && people.retire(id) && heads.put(id, erasure) == null;
  }

  @Override
  public synchronized void save(Erasure erasure) {
    records.put(erasure.id(), erasure);
  }

  @Override
  public synchronized void lift(Collection<PersonId> ids, Set<PersonId> ways, String erasure) {
    for (PersonId id : ids) {
      people.erased.remove(id, erasure);
      if (heads.remove(id, erasure)) {
        people.lift(id, ways.contains(id));
        remains.remove(id);
      }
    }
  }

  @Override
  public synchronized String toString() {
    return records + " " + remains + " " + heads;
  }
}
