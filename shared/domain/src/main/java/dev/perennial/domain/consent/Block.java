package dev.perennial.domain.consent;

import java.time.Instant;

/** The word that an address gets nothing, whatever its owner allows. */
public record Block(Reason reason, Instant at) {

  /** Why nothing goes there, the one that weighs most last. */
  public enum Reason {
    /** The team said so. */
    MANUAL,
    /** The address does not exist: a fault of the address, not a wish of the person. */
    HARD_BOUNCE,
    /** Its owner answered STOP. */
    STOP,
    /** Its owner called a message spam. */
    COMPLAINT;

    /** Whether only whoever has the address may take it back. */
    public boolean isObjection() {
      return switch (this) {
        case STOP, COMPLAINT -> true;
        case MANUAL, HARD_BOUNCE -> false;
      };
    }
  }
}
