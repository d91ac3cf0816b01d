package dev.perennial.domain.profile;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Cause;

/**
 * Word that a profile changed, on the queue {@code profile-changes}. It carries no state, so a
 * repeat or a late one harms nothing: whoever gets it reads the person as they are then.
 *
 * @param cause what to give as the cause of the transitions that follow, where the person was not
 *     {@linkplain Reshaping reshaped}
 */
public record ProfileChange(PersonId person, Cause cause) {

  /** Both changes of one person in one. Of the two causes, one that starts journeys. */
  ProfileChange and(ProfileChange other) {
    return cause.compareTo(other.cause) <= 0 ? this : other;
  }
}
