package dev.perennial.domain.journey;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Journey.Reentry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of enrollments. What is found is never older than the latest write that any process saw
 * done.
 */
public interface Enrollments {

  /** The one of that person that this occurrence began. */
  Optional<Enrollment> find(PersonId person, String journey, String occurrence);

  /** All of that person that wait. */
  List<Enrollment> waiting(PersonId person);

  /**
   * Stores a new enrollment, unless its occurrence has one already or the reentry rule forbids
   * another.
   */
  Creation create(Enrollment enrollment, Reentry reentry);

  /**
   * Stores the next state of one that was found or created, on condition that its revision is still
   * the stored one.
   *
   * @return false when somebody else wrote first: find it again and decide anew
   */
  boolean save(Enrollment enrollment);

  /**
   * Those of a journey, newest first.
   *
   * @param limit at least 1
   * @param cursor of the page before; null for the first
   */
  Page<Enrollment> ofJourney(String journey, int limit, @Nullable String cursor);

  /** What became of a new enrollment. */
  enum Creation {
    CREATED,
    /** The occurrence has one already. */
    REPEATED,
    /** The person went through once, or still does. */
    REFUSED
  }
}
