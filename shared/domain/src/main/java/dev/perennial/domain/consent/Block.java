package dev.perennial.domain.consent;

import java.time.Instant;

/** The word that an address gets nothing, whatever its owner allows. */
public record Block(Reason reason, Instant at) {

  /** Why nothing goes there. */
  public enum Reason {
    /** The address does not exist: a fault of the address, not a wish of the person. */
    HARD_BOUNCE,
    /** Its owner called a message spam. */
    COMPLAINT,
    /** Its owner answered STOP. */
    STOP,
    /** The team said so. */
    MANUAL
  }
}
