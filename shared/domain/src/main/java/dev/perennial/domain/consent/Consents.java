package dev.perennial.domain.consent;

import dev.perennial.domain.identity.PersonId;

/** The store of consent. */
public interface Consents {

  /** What the person of that id, never an absorbed one, allows now. */
  Permissions of(PersonId person);

  /**
   * Stores the permissions as {@code version + 1}, on condition that the stored version is still
   * {@code version}.
   *
   * @return false when somebody else wrote first: load again and decide anew
   */
  boolean save(PersonId person, Permissions permissions);
}
