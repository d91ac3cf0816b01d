package dev.perennial.domain.segment;

import dev.perennial.domain.identity.PersonId;
import java.time.Instant;

/**
 * One change of one membership. The numbers of a (person, segment) count up from 1 without gaps,
 * odd when entering and even when exiting; with them every consumer tells a repeat from news.
 *
 * @param at the instant at which the change is true: the evaluation's clock
 */
public record Transition(PersonId person, SegmentId segment, long number, Instant at, Cause cause) {

  /** Whether the person entered; else exited. */
  public boolean entered() {
    return number % 2 == 1;
  }
}
