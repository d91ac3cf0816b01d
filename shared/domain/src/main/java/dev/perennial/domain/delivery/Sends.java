package dev.perennial.domain.delivery;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of sends, and the fence before the providers: whoever has claimed an attempt, and
 * nobody else, makes it.
 */
public interface Sends {

  /** That send, as the latest write left it. */
  Optional<Send> find(String id);

  /**
   * Stores a send in state {@link Send.State#CLAIMED}, with an address, in one transaction that
   * holds only when: the attempt is the first and there is no such send, or the attempt before is
   * {@link Send.State#RETRYABLE}; no other send of the same definition, step and occurrence has
   * claimed the address; and all that was asked still has the version that was decided with.
   *
   * @param asked the permissions that were decided with, by the id they are stored under; at most
   *     90
   */
  Claim claim(Send send, Map<PersonId, Permissions> asked);

  /**
   * Stores a send in state {@link Send.State#NOT_SENT}, unless one of its id is stored that was not
   * merely {@link Send.State#RETRYABLE}.
   *
   * @return false when there is
   */
  boolean decline(Send send);

  /**
   * Stores how the send's latest attempt went, on condition that it is still the latest and {@link
   * Send.State#CLAIMED} or, when {@code send} knows better, {@link Send.State#UNKNOWN}.
   *
   * @return the state before; empty when the condition does not hold and nothing was stored
   */
  Optional<Send.State> settle(Send send);

  /**
   * The sends of a person, newest first.
   *
   * @param limit at least 1
   * @param cursor of the page before; null for the first
   */
  Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor);

  /** What became of a claim. */
  enum Claim {
    /** The attempt is ours. */
    CLAIMED,
    /** Another worker was first, or the send is over: find it again. */
    TAKEN,
    /** Another send to that address claimed it for the same occurrence. */
    DUPLICATE,
    /** The permissions changed meanwhile: decide anew. */
    STALE
  }
}
