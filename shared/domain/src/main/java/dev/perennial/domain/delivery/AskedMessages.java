package dev.perennial.domain.delivery;

import java.time.Instant;

/** The store of what was asked for under which key of a client: one key asks for one message. */
@FunctionalInterface
public interface AskedMessages {

  /**
   * Stores what is asked for under the id, unless something is stored there already.
   *
   * @param id of the send that is asked for
   * @return what is stored there now
   */
  Asked ask(String id, Asked asked);

  /**
   * A message that was asked for.
   *
   * @param fingerprint the same for all that ask for the same
   * @param at when it was asked for first
   */
  record Asked(String fingerprint, Instant at) {}
}
