package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The store of past events, in pages by owner identifier. Merging and dividing people moves no
 * page.
 */
public interface History {

  /**
   * How long a page is kept after the latest event of its owner by then: longer than the longest
   * window of any condition.
   */
  Duration KEPT = Duration.ofDays(800);

  /**
   * Writes a page after the newest and returns its id. It becomes part of the chain once a stored
   * facet names it; written again, it is the same page.
   *
   * @param newest of the facet; null when it has none
   * @param events of that owner, in any order, no more than an item can hold
   * @param keepUntil when the page may vanish
   */
  PageId append(Identifier owner, @Nullable PageId newest, List<Event> events, Instant keepUntil);

  /**
   * Rewrites the events of every page of the owner whose hash that is, of the chain or not. A page
   * keeps its id; what it says of the past must stay true.
   *
   * @return whether any event changed
   */
  boolean rewrite(PersonId owner, UnaryOperator<Event> change);

  /** That page; empty when it vanished. */
  Optional<Page> page(Identifier owner, PageId id);

  /**
   * A page.
   *
   * @param before the page before it in the chain; null for the first
   * @param keepUntil when it may vanish, to the second
   */
  record Page(@Nullable PageId before, List<Event> events, Instant keepUntil) {
    public Page {
      events = List.copyOf(events);
    }

    /** No event of this page, nor of any before it in the chain, is later. */
    public Instant latest() {
      return keepUntil.minus(KEPT).plusSeconds(1);
    }
  }

  /** All events of the chain that ends with that page, in no particular order. */
  default List<Event> read(Identifier owner, PageId newest) {
    return read(owner, newest, Instant.MIN);
  }

  /**
   * Of the chain that ends with that page at least the events with that timestamp or a later one,
   * in no particular order.
   */
  List<Event> read(Identifier owner, PageId newest, Instant since);
}
