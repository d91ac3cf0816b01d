package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Addresses;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Span;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Null;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What conditions are asked of: the fold of a person's facets.
 *
 * @param traits by name; those withdrawn are absent
 * @param tags by name; those taken away are absent
 * @param counters by id; one that never counted is absent
 * @param lastSeen timestamp of the latest event; null when there was none
 * @param seen by own events or those of others; null when not known
 * @param channels on which there is an address that is not blocked
 * @param permissions what the person decided about messages
 * @param lists that the person is on, each with the version of it that said so
 */
public record Facts(
    Map<String, Value> traits,
    Map<String, Value> tags,
    Map<CounterId, Series> counters,
    @Nullable Instant lastSeen,
    @Nullable Span seen,
    Set<Channel> channels,
    Permissions permissions,
    Map<SegmentId, Integer> lists) {

  public Facts {
    lists = Map.copyOf(lists);
    channels = Set.copyOf(channels);
    traits = Map.copyOf(traits);
    tags = Map.copyOf(tags);
    counters = Map.copyOf(counters);
  }

  /** What facets alone tell. */
  public Facts(
      Map<String, Value> traits,
      Map<String, Value> tags,
      Map<CounterId, Series> counters,
      @Nullable Instant lastSeen) {
    this(traits, tags, counters, lastSeen, null, Set.of(), Permissions.NONE, Map.of());
  }

  /** All that is known of the person. */
  public static Facts of(Person person, Allowed allowed) {
    Facts told = of(person.facets().values());
    Set<Channel> channels =
        Stream.of(Channel.values())
            .filter(channel -> !allowed.blocked().contains(channel))
            .filter(channel -> Addresses.of(person, channel).isPresent())
            .collect(Collectors.toSet());
    return new Facts(
        told.traits,
        told.tags,
        told.counters,
        told.lastSeen,
        Span.of(person),
        channels,
        allowed.permissions(),
        told.lists);
  }

  /** The fold of the facets. */
  public static Facts of(Collection<Facet> facets) {
    Map<String, Trait> traits = new HashMap<>();
    Map<String, Trait> tags = new HashMap<>();
    Map<SegmentId, Listed> lists = new HashMap<>();
    Map<CounterId, Series> counters = new HashMap<>();
    Instant lastSeen = null;
    for (Facet facet : facets) {
      facet.traits().forEach((name, trait) -> traits.merge(name, trait, Trait::prevailing));
      facet.tags().forEach((name, tag) -> tags.merge(name, tag, Trait::prevailing));
      facet.lists().forEach((list, said) -> lists.merge(list, said, Listed::prevailing));
      facet.counters().forEach((id, series) -> counters.merge(id, series, Series::plus));
      if (facet.events() > 0 && (lastSeen == null || facet.lastSeen().isAfter(lastSeen))) {
        lastSeen = facet.lastSeen();
      }
    }
    Map<SegmentId, Integer> on = new HashMap<>();
    lists.forEach(
        (list, said) -> {
          if (said.in()) {
            on.put(list, said.version());
          }
        });
    return new Facts(
        said(traits), said(tags), counters, lastSeen, null, Set.of(), Permissions.NONE, on);
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
