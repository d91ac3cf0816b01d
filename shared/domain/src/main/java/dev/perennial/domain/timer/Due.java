package dev.perennial.domain.timer;

import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A timer, and the word that it fired, on the queues {@code due-people}, {@code due-enrollments},
 * {@code erasures} and {@code due-sends}.
 *
 * @param person whom it is about
 * @param minute when it fires: a whole minute
 * @param key what of the person; empty for the person as a whole
 */
public record Due(Kind kind, PersonId person, Instant minute, String key) {

  /** Who is to look again. */
  public enum Kind {
    /** The evaluator: a membership may change. */
    PERSON,
    /** Journeys: the wait of the enrollment {@code key} is over. */
    ENROLLMENT,
    /** The next visit of the erasure {@code key} is due. */
    ERASURE,
    /** Sending: the deferred message {@code key} may go. */
    SEND,
    /** Customers are to be scored; about nobody in particular. */
    SCORING
  }

  private static final PersonId NOBODY = new PersonId("nobody");

  public Due {
    if (!minute.equals(minute.truncatedTo(ChronoUnit.MINUTES))) {
      throw new IllegalArgumentException("a timer fires at a whole minute, not at " + minute);
    }
  }

  /** The timer of a person at the first whole minute at or after the instant. */
  public static Due ofPerson(PersonId person, Instant at) {
    return new Due(Kind.PERSON, person, wholeMinute(at), "");
  }

  /** The timer of an enrollment at the first whole minute at or after the instant. */
  public static Due ofEnrollment(PersonId person, String key, Instant at) {
    return new Due(Kind.ENROLLMENT, person, wholeMinute(at), key);
  }

  /** The timer of an erasure at the first whole minute at or after the instant. */
  public static Due ofErasure(PersonId person, String erasure, Instant at) {
    return new Due(Kind.ERASURE, person, wholeMinute(at), erasure);
  }

  /** The timer of a deferred message at the first whole minute at or after the instant. */
  public static Due ofSend(PersonId person, String send, Instant at) {
    return new Due(Kind.SEND, person, wholeMinute(at), send);
  }

  /** The timer of a scoring at that midnight. */
  public static Due ofScoring(Instant midnight) {
    return new Due(Kind.SCORING, NOBODY, midnight, "");
  }

  /** The first whole minute at or after the instant. */
  public static Instant wholeMinute(Instant at) {
    Instant floor = at.truncatedTo(ChronoUnit.MINUTES);
    return floor.equals(at) ? floor : floor.plus(1, ChronoUnit.MINUTES);
  }
}
