package dev.perennial.domain.segment;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Null;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What conditions are asked of: the fold of a person's facets.
 *
 * @param traits by name; those withdrawn are absent
 * @param tags by name; those taken away are absent
 * @param counters by id; one that never counted is absent
 * @param lastSeen timestamp of the latest event; null when there was none
 */
public record Facts(
    Map<String, Value> traits,
    Map<String, Value> tags,
    Map<CounterId, Series> counters,
    @Nullable Instant lastSeen) {

  public Facts {
    traits = Map.copyOf(traits);
    tags = Map.copyOf(tags);
    counters = Map.copyOf(counters);
  }

  /** The fold of the facets. */
  public static Facts of(Collection<Facet> facets) {
    return asOf(facets, Instant.MAX);
  }

  /**
   * What was known at that instant, as far as the facets remember: a trait or tag that was set since
   * is absent, and of later events only the counters tell.
   */
  static Facts asOf(Collection<Facet> facets, Instant instant) {
    Map<String, Trait> traits = new HashMap<>();
    Map<String, Trait> tags = new HashMap<>();
    Map<CounterId, Series> counters = new HashMap<>();
    Instant lastSeen = null;
    for (Facet facet : facets) {
      fold(facet.traits(), instant, traits);
      fold(facet.tags(), instant, tags);
      facet.counters().forEach((id, series) -> counters.merge(id, series, Series::plus));
      Instant seen = lastSeen(facet, instant);
      if (seen != null && (lastSeen == null || seen.isAfter(lastSeen))) {
        lastSeen = seen;
      }
    }
    return new Facts(said(traits), said(tags), counters, lastSeen);
  }

  private static void fold(Map<String, Trait> some, Instant instant, Map<String, Trait> all) {
    some.forEach(
        (name, trait) -> {
          if (!trait.at().isAfter(instant)) {
            all.merge(name, trait, Trait::prevailing);
          }
        });
  }

  private static @Nullable Instant lastSeen(Facet facet, Instant instant) {
    if (facet.events() == 0) {
      return null;
    }
    if (!facet.lastSeen().isAfter(instant)) {
      return facet.lastSeen();
    }
    return Stream.concat(
            Stream.of(facet.firstSeen()), facet.tail().stream().map(Event::timestamp))
        .filter(seen -> !seen.isAfter(instant))
        .max(Instant::compareTo)
        .orElse(null);
  }

  private static Map<String, Value> said(Map<String, Trait> traits) {
    Map<String, Value> said = new HashMap<>();
    traits.forEach(
        (name, trait) -> {
          if (!(trait.value() instanceof Null)) {
            said.put(name, trait.value());
          }
        });
    return said;
  }

  Series series(CounterId counter) {
    return counters.getOrDefault(counter, Series.EMPTY);
  }
}
