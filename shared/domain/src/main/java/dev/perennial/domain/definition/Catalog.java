package dev.perennial.domain.definition;

import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.Counters;
import java.util.Set;

/**
 * What recording an event must know of the live definitions.
 *
 * @param version counts up with each change of any definition
 * @param counters to maintain
 * @param listenedEvents names of the tracked events that a live journey listens to
 */
public record Catalog(long version, CounterSet counters, Set<String> listenedEvents) {

  public static final Catalog EMPTY = new Catalog(0, Counters.NONE, Set.of());

  public Catalog {
    listenedEvents = Set.copyOf(listenedEvents);
  }
}
