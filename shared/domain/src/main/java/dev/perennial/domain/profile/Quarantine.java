package dev.perennial.domain.profile;

import dev.perennial.domain.Page;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The store of events that were kept aside because their owner had too many on a day. Owners are
 * known by the hashes of their identifiers.
 */
public interface Quarantine {

  /**
   * Keeps the events, again where they are kept already.
   *
   * @param now when; earlier batches come out first
   * @param keepUntil when they may vanish
   */
  void keep(Identifier owner, List<Event> events, Instant now, Instant keepUntil);

  /** What is kept of that owner; empty when nothing is. */
  Optional<Kept> find(PersonId owner);

  /** What is kept of these owners. */
  List<Kept> find(Collection<PersonId> owners);

  /**
   * All of whom something is kept.
   *
   * @param cursor of the page before; null for the first
   */
  Page<Kept> list(int limit, @Nullable String cursor);

  /**
   * Batches of that owner, the one kept first first.
   *
   * @param after id of the batch to go on after; empty for the first
   */
  List<Batch> batches(PersonId owner, String after, int limit);

  /**
   * Rewrites the events of every batch of that owner. A batch keeps its id.
   *
   * @return whether any event changed
   */
  boolean rewrite(PersonId owner, UnaryOperator<Event> change);

  /** Removes the batch; does nothing when it is gone. */
  void drop(PersonId owner, Batch batch);

  /** Says that nothing is kept of the owner any more, unless more came since. */
  void close(Kept known);

  /**
   * What is kept of one owner.
   *
   * @param id the hash of the identifier
   * @param events how many; a crash may leave it a batch short or long
   */
  record Kept(PersonId id, Identifier identifier, Instant since, long events) {}

  /**
   * Events that were kept at once.
   *
   * @param id of the batch among the owner's
   */
  record Batch(String id, List<Event> events) {
    public Batch {
      events = List.copyOf(events);
    }
  }
}
