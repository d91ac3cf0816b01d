package dev.perennial.domain.segment;

import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Null;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
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
    Map<String, Trait> traits = new HashMap<>();
    Map<String, Trait> tags = new HashMap<>();
    Map<CounterId, Series> counters = new HashMap<>();
    Instant lastSeen = null;
    for (Facet facet : facets) {
      facet.traits().forEach((name, trait) -> traits.merge(name, trait, Trait::prevailing));
      facet.tags().forEach((name, tag) -> tags.merge(name, tag, Trait::prevailing));
      facet.counters().forEach((id, series) -> counters.merge(id, series, Series::plus));
      if (facet.events() > 0 && (lastSeen == null || facet.lastSeen().isAfter(lastSeen))) {
        lastSeen = facet.lastSeen();
      }
    }
    return new Facts(said(traits), said(tags), counters, lastSeen);
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
