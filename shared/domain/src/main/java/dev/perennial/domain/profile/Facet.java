package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.Series;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one owner identifier taught. A profile is the fold of its facets: a merge
 * brings them together, a split gives each its own back.
 *
 * @param owner identifier under which the events came
 * @param traits by name
 * @param counters by id
 * @param firstSeen timestamp of the earliest event
 * @param lastSeen timestamp of the latest event
 * @param events how many were applied
 * @param seen which events were applied and are no longer in the tail
 * @param tail newest events by arrival, not yet in a history page
 * @param newestPage of this owner's history; null when there is none
 */
public record Facet(
    Identifier owner,
    Map<String, Trait> traits,
    Map<CounterId, Series> counters,
    Instant firstSeen,
    Instant lastSeen,
    long events,
    Seen seen,
    List<Event> tail,
    @Nullable PageId newestPage) {

  public Facet {
    traits = Map.copyOf(traits);
    counters = Map.copyOf(counters);
    tail = List.copyOf(tail);
  }
}
