package dev.perennial.domain.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What became known of a message after it was handed over.
 *
 * @param send id that came back with it
 * @param detail the provider's words; null when there are none
 */
public record Receipt(String send, Kind kind, Instant at, @Nullable String detail) {

  public Receipt {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** What can become known. Each happens once; of several reports the earliest counts. */
  public enum Kind {
    /** The recipient's server, carrier or device has it. */
    DELIVERED,
    /** The address does not exist. */
    BOUNCED,
    /** It did not arrive, and the next one may. */
    FAILED,
    /** The recipient called it spam. */
    COMPLAINED,
    /** The recipient ended such messages by its link. */
    UNSUBSCRIBED,
    /** A person opened it, as far as its image tells. */
    OPENED,
    /** A person followed one of its links. */
    CLICKED
  }
}
