package dev.perennial.domain.segment;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Addresses;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.event.Event;
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
    return of(person.facets().values()).with(person, allowed);
  }

  /** The fold of the facets. */
  public static Facts of(Collection<Facet> facets) {
    return asOf(facets, Instant.MAX);
  }

  /**
   * What was known at that instant, as far as the person's facets remember: a trait or tag that was
   * set since is absent, of later events only the counters tell, and of addresses and permissions
   * no former state is known.
   */
  static Facts asOf(Person person, Allowed allowed, Instant instant) {
    return asOf(person.facets().values(), instant).with(person, allowed);
  }

  private Facts with(Person person, Allowed allowed) {
    Set<Channel> channels =
        Stream.of(Channel.values())
            .filter(channel -> !allowed.blocked().contains(channel))
            .filter(channel -> Addresses.of(person, channel).isPresent())
            .collect(Collectors.toSet());
    return new Facts(
        traits, tags, counters, lastSeen, Span.of(person), channels, allowed.permissions(), lists);
  }

  private static Facts asOf(Collection<Facet> facets, Instant instant) {
    Map<String, Trait> traits = new HashMap<>();
    Map<String, Trait> tags = new HashMap<>();
    Map<SegmentId, Listed> lists = new HashMap<>();
    Map<CounterId, Series> counters = new HashMap<>();
    Instant lastSeen = null;
    for (Facet facet : facets) {
      fold(facet.traits(), instant, traits);
      fold(facet.tags(), instant, tags);
      facet
          .lists()
          .forEach(
              (list, said) -> {
                if (!said.at().isAfter(instant)) {
                  lists.merge(list, said, Listed::prevailing);
                }
              });
      facet.counters().forEach((id, series) -> counters.merge(id, series, Series::plus));
      Instant seen = lastSeen(facet, instant);
      if (seen != null && (lastSeen == null || seen.isAfter(lastSeen))) {
        lastSeen = seen;
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
    return Stream.concat(Stream.of(facet.firstSeen()), facet.tail().stream().map(Event::timestamp))
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
