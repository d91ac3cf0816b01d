package dev.perennial.domain.erasure;

import dev.perennial.domain.identity.PersonId;

/** A store that keeps something under the ids that people have or had, and can forget it. */
public interface Traces {

  /**
   * Deletes what is kept under that id: of much, only a part that takes no longer than a moment.
   *
   * @return how many things were deleted; 0 when nothing was left
   */
  int forget(PersonId id);
}
