package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.Series;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the events of one owner identifier taught. A profile is the fold of its facets: a merge brings them together, a split
 * gives each its own back.
 *
 * @param owner identifier under which the events came
 * @param traits by name
 * @param counters by id
 * @param firstSeen timestamp of the earliest event
 * @param lastSeen timestamp of the latest event
 * @param events how many were applied
 * @param fingerprints {@link Fingerprint} of the newest applied message ids, for duplicates
 * @param tail newest events not yet in a history page, oldest first
 */
public record Facet(
    Identifier owner,
    Map<String, Trait> traits,
    Map<CounterId, Series> counters,
    Instant firstSeen,
    Instant lastSeen,
    long events,
    Set<Long> fingerprints,
    List<Event> tail) {

  public Facet {
    traits = Map.copyOf(traits);
    counters = Map.copyOf(counters);
    fingerprints = Set.copyOf(fingerprints);
    tail = List.copyOf(tail);
  }
}
