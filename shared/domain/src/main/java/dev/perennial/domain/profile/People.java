package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The store of people. */
public interface People {

  /**
   * Where these identifiers lead. A pointer is a hint and may be a moment old: whoever writes
   * conditions on the person's version, and {@link #find} follows those who were absorbed.
   */
  Located locate(Collection<Identifier> identifiers, Freshness freshness);

  /**
   * The people whom {@link #locate} pointed at, or those who absorbed them.
   *
   * @return by the id asked for; absent where there never was one
   */
  Map<PersonId, Person> find(Collection<PersonId> located, Freshness freshness);

  /**
   * The person of that id, else the one who has the identifier that it is the hash of, as
   * {@linkplain Freshness#CURRENT now}. So an id given out once, or the hash of any identifier,
   * always finds somebody.
   */
  Optional<Person> find(PersonId id);

  /**
   * What is kept of a person who was absorbed; empty when the person of exactly that id lives or
   * never did.
   */
  Optional<Absorbed> absorbed(PersonId id);

  /**
   * Writes all of the change or nothing. Each person is stored as {@code version + 1}, on condition
   * that the stored version is still {@code version}; 0 means that the person must not exist.
   */
  Saving save(Change change);

  /**
   * Where identifiers lead.
   *
   * @param people the person ids that they point at; absent where nobody is known by one
   * @param erased those that are refused, because the person whom they named was erased
   */
  record Located(Map<Identifier, PersonId> people, Set<Identifier> erased) {
    public Located {
      people = Map.copyOf(people);
      erased = Set.copyOf(erased);
    }
  }

  /** How old an answer may be. */
  enum Freshness {
    /** Not older than the latest write. */
    CURRENT,
    /**
     * A moment old at worst, at half the price: for those who write on condition of what they read.
     */
    RECENT
  }

  /**
   * A change of one person, or of several whose identifiers move between them.
   *
   * @param people to write
   * @param absorbed people who are no more
   * @param founded identifiers that nobody had: each must not point at anybody yet
   * @param moved identifiers that point at somebody else and are in a person of {@code people} now;
   *     the condition on the people's versions covers them
   * @param more how many people there are more than before, for the total
   */
  record Change(
      List<Person> people,
      List<Absorbed> absorbed,
      Map<Identifier, PersonId> founded,
      Map<Identifier, PersonId> moved,
      int more) {
    public Change {
      people = List.copyOf(people);
      absorbed = List.copyOf(absorbed);
      founded = Map.copyOf(founded);
      moved = Map.copyOf(moved);
    }

    /** A change of one known person that moves no identifier. */
    public static Change of(Person person) {
      return new Change(List.of(person), List.of(), Map.of(), Map.of(), 0);
    }
  }

  /**
   * A person who lives on in another.
   *
   * @param version of the item: in a change the one to replace, else the stored one. Versions never
   *     restart, so that a person who comes back continues it
   * @param into where the identifiers that point here are found
   * @param identifiers of the person when absorbed: all that may still point here
   * @param memberships all exited; the numbers go on when the person comes back
   */
  record Absorbed(
      PersonId id,
      long version,
      PersonId into,
      Set<Identifier> identifiers,
      Map<SegmentId, Membership> memberships) {
    public Absorbed {
      identifiers = Set.copyOf(identifiers);
      memberships = Map.copyOf(memberships);
    }

    /** This with another version. */
    public Absorbed withVersion(long stored) {
      return new Absorbed(id, stored, into, identifiers, memberships);
    }
  }

  /** What became of a change. */
  sealed interface Saving {
    record Saved() implements Saving {}

    /** Somebody else wrote first: load again and decide anew. */
    record Contended() implements Saving {}
  }
}
