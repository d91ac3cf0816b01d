package dev.perennial.domain.delivery;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of sends, and the fence before the providers: whoever has claimed an attempt, and
 * nobody else, makes it. Each write changes the {@linkplain SendTotals totals} with it, both or
 * neither. A send is forgotten some time after {@link Send#keptUntil}.
 */
public interface Sends {

  /** That send, as the latest write left it. */
  Optional<Send> find(String id);

  /**
   * Stores a send in state {@link Send.State#CLAIMED}, with an address, in one transaction that
   * holds only when: the stored send is still the known one; no other send of the same definition,
   * step and round has claimed the address; all that was asked still has the version that was
   * decided with; the channel is not paused; and no other fence was raised after a restore. An
   * address that the send {@linkplain Send#released leaves} is free for others with it.
   *
   * @param known what was found before; null for nothing
   */
  Claim claim(Send send, @Nullable Send known, Fence fence);

  /**
   * Stores a send that was decided without a claim, on condition that the stored one is still the
   * known one. An address that it {@linkplain Send#released leaves} is free for others with it.
   *
   * @param known what was found before; null for nothing
   * @return false when it is not
   */
  boolean store(Send send, @Nullable Send known);

  /**
   * Stores how the send's latest attempt went, on condition that it is still the latest and that
   * what is known of it {@linkplain Send#givesWayTo gives way}. Receipts and visits stay.
   *
   * @return the state before; empty when the condition does not hold and nothing was stored
   */
  Optional<Send.State> settle(Send send);

  /**
   * Stores when a receipt happened, of several of one kind the earliest.
   *
   * @return the send with it; empty when there is none of that id
   */
  Optional<Send> receive(Receipt receipt);

  /**
   * Stores a visit, and of many {@linkplain Send#with(Visit) what tells most}.
   *
   * @return the send with it; empty when there is no such send
   */
  Optional<Send> visit(String id, Visit visit);

  /**
   * The sends of a person, newest first.
   *
   * @param limit at least 1
   * @param cursor of the page before; null for the first
   */
  Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor);

  /** What became of a claim. */
  sealed interface Claim {

    /** The attempt is ours. */
    record Claimed() implements Claim {}

    /** Another worker was first, or the send is over: find it again. */
    record Taken() implements Claim {}

    /** Another send of the same round went, or may have gone, to that address. */
    record Duplicate() implements Claim {}

    /**
     * Another send of the same round holds that address and may yet leave it.
     *
     * @param holder the other one
     */
    record Held(Send holder) implements Claim {}

    /** What was asked changed meanwhile, or the channel was paused: decide anew. */
    record Stale() implements Claim {}

    /** A claim of an address that that other send had claimed a moment ago. */
    static Claim behind(Send other, Address address) {
      if (other.keeps(address)) {
        return new Duplicate();
      }
      return address.equals(other.to()) ? new Held(other) : new Stale();
    }
  }
}
