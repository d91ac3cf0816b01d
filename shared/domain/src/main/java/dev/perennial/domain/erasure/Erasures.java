package dev.perennial.domain.erasure;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * The store of erasures, and of what stays of the erased: the person's id and the hashes of their
 * identifiers, marked as erased, until the erasure lapses. All reads are of the latest write.
 */
public interface Erasures {

  /** That erasure. */
  Optional<Erasure> find(String id);

  /** The erasure that whoever had this id, or the identifier it is the hash of, is marked with. */
  Optional<Erasure> of(PersonId id);

  /**
   * Replaces the person by what remains, stores the erasure, counts one person less and fences off
   * whoever is about to send to them; all in one transaction, on condition that the person's
   * version is still the stored one.
   *
   * @return false when somebody else wrote first: find the person again
   */
  boolean begin(Person person, Remains remains, Erasure erasure);

  /** What remains of the person; empty once the erasure lapsed. */
  Optional<Remains> remains(PersonId person);

  /** Marks the identifiers of these hashes as erased: one call for each that is not yet marked. */
  void refuse(Collection<PersonId> identifiers, String erasure);

  /**
   * Deletes what is stored of the identifier apart from the person. Marks whoever of that id was
   * absorbed as erased too, and keeps nothing but version, trail and memberships.
   *
   * @return whether there was somebody not yet marked
   */
  boolean retire(PersonId absorbed, String erasure);

  /** Stores how far it is, to the step. */
  void save(Erasure erasure);

  /**
   * Removes the marks of these identifiers and ids of people; of that erasure only. The hashes may
   * name somebody again.
   *
   * @param ways ids by way of which others are found: of these, version and trail stay
   */
  void lift(Collection<PersonId> ids, Set<PersonId> ways, String erasure);
}
