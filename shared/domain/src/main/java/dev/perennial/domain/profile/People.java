package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The store of people. A person found is never older than the latest write that this process made. */
public interface People {

  /**
   * The person ids that these identifiers point at; absent where nobody is known by one. A pointer is a hint: whoever writes
   * conditions on the person's version.
   */
  Map<Identifier, PersonId> locate(Collection<Identifier> identifiers);

  /**
   * The person of that id, or the one that absorbed it. Also accepts the hash of any identifier (see {@link PersonId}).
   *
   * @return empty when there never was one
   */
  Optional<Person> find(PersonId id);

  /**
   * Writes all of the change or nothing. Each person is stored as {@code version + 1}, on condition that the stored version
   * is still {@code version}; 0 means that the person must not exist.
   */
  Saving save(Change change);

  /**
   * A change of one person, or of several whose identifiers move between them.
   *
   * @param people to write
   * @param absorbed people who are no more, with the version they had, and who took them in
   * @param pointers identifiers to point at a person of {@code people}: those new to them
   */
  record Change(List<Person> people, List<Absorbed> absorbed, Map<Identifier, PersonId> pointers) {
    public Change {
      people = List.copyOf(people);
      absorbed = List.copyOf(absorbed);
      pointers = Map.copyOf(pointers);
    }

    /** A change that moves no identifier. */
    public static Change of(Person person) {
      return new Change(List.of(person), List.of(), Map.of());
    }
  }

  /** A person who lives on in another. */
  record Absorbed(PersonId id, long version, PersonId into) {}

  /** What became of a change. */
  sealed interface Saving {
    record Saved() implements Saving {}

    /** Somebody else wrote first: load again and decide anew. */
    record Contended() implements Saving {}
  }
}
