package dev.perennial.domain.journey;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of enrollments. What {@link #find} and {@link #begunBy} answer is never older than the
 * latest write.
 */
public interface Enrollments {

  /** The enrollment of that person in that journey which this occurrence began. */
  Optional<Enrollment> find(PersonId person, String journey, String occurrence);

  /** All enrollments of that person which this occurrence began, one per journey at most. */
  List<Enrollment> begunBy(PersonId person, String occurrence);

  /** Whether {@link #create} may succeed; a hint that spares the caller work in vain. */
  default boolean admits(Enrollment enrollment) {
    return admits(enrollment, Set.of());
  }

  /**
   * Whether {@link #create} may succeed, and nothing forbids it that is stored under the other ids
   * of a person whom a merge made of several: an enrollment of the same occurrence, or one that the
   * reentry rule minds. Of those, {@link #create} knows nothing.
   */
  boolean admits(Enrollment enrollment, Set<PersonId> others);

  /**
   * Stores a new enrollment, unless its occurrence has one already or its reentry rule forbids
   * another.
   */
  Creation create(Enrollment enrollment);

  /**
   * Stores the next state of an enrollment, on condition that its revision is still the stored one.
   *
   * @return false when somebody else wrote first: find it again and decide anew
   */
  boolean save(Enrollment enrollment);

  /**
   * The enrollments in a journey, newest first.
   *
   * @param limit at least 1
   * @param cursor of the page before; null for the first
   */
  Page<Enrollment> ofJourney(String journey, int limit, @Nullable String cursor);

  /** All enrollments of that person. */
  List<Enrollment> ofPerson(PersonId person);

  /** What became of a new enrollment. */
  enum Creation {
    CREATED,
    /** The occurrence has one already. */
    REPEATED,
    /** The person went through before, or still does. */
    REFUSED
  }
}
