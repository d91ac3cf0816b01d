package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The store of people. */
public interface People {

  /** The workspace whose people these are; part of all hashes. */
  String workspace();

  /**
   * Where these identifiers lead. A pointer is a hint and may be old: {@link Following} finds who
   * has the identifier now, and whoever writes conditions on that person's version.
   */
  Located locate(Collection<Identifier> identifiers, Freshness freshness);

  /** The person id that the identifier of that hash points at, as now. */
  Optional<PersonId> locate(PersonId hash);

  /** What is stored under those ids; absent where nothing is. */
  Map<PersonId, Head> read(Collection<PersonId> ids, Freshness freshness);

  /** What is stored under that id, as now; empty when nothing is. */
  Optional<Head> read(PersonId id);

  /**
   * Writes all of the change or nothing. Each person is stored as {@code version + 1}, on condition
   * that the stored version is still {@code version}; 0 means that the person must not exist.
   */
  Saving save(Change change);

  /**
   * The people of those ids, or those who have the identifiers that they are the hashes of.
   *
   * @return by the id asked for; absent where there never was one
   */
  default Map<PersonId, Person> find(Collection<PersonId> ids, Freshness freshness) {
    return Following.people(this, ids, freshness);
  }

  /**
   * The person of that id, else the one who has the identifier that it is the hash of, as
   * {@linkplain Freshness#CURRENT now}. So an id given out once, or the hash of any identifier,
   * always finds somebody.
   */
  default Optional<Person> find(PersonId id) {
    return Following.person(this, id);
  }

  /**
   * The ids that what is stored by person is found under, as now: those that the person lives under
   * and ever lived under, and the hashes of the owners of events, which triggers name. Of the
   * {@linkplain Person#ids ids} of somebody with many identifiers these are few.
   */
  default Set<PersonId> idsOf(Person person) {
    Set<PersonId> others = new HashSet<>(person.ids(workspace()));
    others.remove(person.id());
    Set<PersonId> ids = new HashSet<>(read(others, Freshness.CURRENT).keySet());
    ids.add(person.id());
    person.facets().keySet().forEach(owner -> ids.add(owner.hash(workspace())));
    return ids;
  }

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

  /** What is stored of somebody under the id of a person. */
  sealed interface Head permits Person, Absorbed {
    PersonId id();

    /** Of the item; counts up with each write and never restarts. */
    long version();

    Trail trail();
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
   * @param witnesses who stay as they are, and must, for the rest to be right
   * @param founded identifiers that nobody had: each must not point at anybody yet
   * @param aimed identifiers whose pointers are to be aimed anew, at whom they are with then
   * @param more how many people there are more than before, for the total
   */
  record Change(
      List<Person> people,
      List<Absorbed> absorbed,
      List<Person> witnesses,
      Map<Identifier, PersonId> founded,
      Map<Identifier, PersonId> aimed,
      int more) {

    public static final Change NOTHING =
        new Change(List.of(), List.of(), List.of(), Map.of(), Map.of(), 0);

    public Change {
      people = List.copyOf(people);
      absorbed = List.copyOf(absorbed);
      witnesses = List.copyOf(witnesses);
      founded = Map.copyOf(founded);
      aimed = Map.copyOf(aimed);
    }

    /** A change of one known person that moves no identifier. */
    public static Change of(Person person) {
      return new Change(List.of(person), List.of(), List.of(), Map.of(), Map.of(), 0);
    }
  }

  /**
   * A person who lives on in another, or was erased and is still on the way to others.
   *
   * @param version of the item: in a change the one to replace, else the stored one. Versions never
   *     restart, so that a person who comes back continues it
   * @param into where the identifiers that point here are found; of the erased their own id
   * @param trail of those that are found elsewhere
   * @param memberships all exited; the numbers go on when the person comes back
   */
  record Absorbed(
      PersonId id, long version, PersonId into, Trail trail, Map<SegmentId, Membership> memberships)
      implements Head {
    public Absorbed {
      memberships = Map.copyOf(memberships);
    }

    /** The trail once nobody of that id lives on in another: of who comes back, or is erased. */
    public Trail trailAlone() {
      return into.equals(id) ? trail : trail.backFrom(into);
    }

    /** This with another version. */
    public Absorbed withVersion(long stored) {
      return new Absorbed(id, stored, into, trail, memberships);
    }
  }

  /** What became of a change. */
  sealed interface Saving {
    record Saved() implements Saving {}

    /** Somebody else wrote first: load again and decide anew. */
    record Contended() implements Saving {}
  }
}
