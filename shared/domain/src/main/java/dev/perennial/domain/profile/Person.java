package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stored head of a person: one item, changed by one conditional write.
 *
 * @param version of the item, counting up from 1 with each write; 0 when not stored yet
 * @param identifiers never none, each with the timestamp of the earliest event that showed it
 * @param links all evidence about these identifiers, refused links included
 * @param facets by owner identifier
 * @param memberships of every segment ever entered
 * @param outbox transitions committed here and perhaps not yet published or indexed, oldest first
 * @param nextDue when the registered timer fires; null when none is. One in the past counts as none
 * @param reshaped {@link Cause#MERGE} or {@link Cause#SPLIT} when identifiers came or went since
 *     the memberships were last evaluated: the cause of whatever that evaluation finds, which then
 *     sets null; else null
 */
public record Person(
    PersonId id,
    long version,
    Map<Identifier, Instant> identifiers,
    Set<Link> links,
    Map<Identifier, Facet> facets,
    Map<SegmentId, Membership> memberships,
    List<Transition> outbox,
    @Nullable Instant nextDue,
    @Nullable Cause reshaped) {

  public Person {
    identifiers = Map.copyOf(identifiers);
    links = Set.copyOf(links);
    facets = Map.copyOf(facets);
    memberships = Map.copyOf(memberships);
    outbox = List.copyOf(outbox);
  }

  /** This person as stored with that version. */
  public Person withVersion(long stored) {
    return new Person(
        id, stored, identifiers, links, facets, memberships, outbox, nextDue, reshaped);
  }

  /** Whether all facets have the counters of that set. */
  public boolean counts(CounterSet set) {
    return facets.values().stream().allMatch(facet -> facet.counterSet().equals(set.id()));
  }

  /** This person once all facets have the counters of that set. */
  public Person counting(CounterSet set, History history) {
    Map<Identifier, Facet> counted = new HashMap<>();
    facets.forEach((owner, facet) -> counted.put(owner, facet.counting(set, history)));
    return new Person(
        id, version, identifiers, links, counted, memberships, outbox, nextDue, reshaped);
  }

  /** This person with other facets. */
  Person with(Map<Identifier, Facet> others) {
    return new Person(
        id, version, identifiers, links, others, memberships, outbox, nextDue, reshaped);
  }

  /** This person as if nothing had ever named these identifiers, which are not the person's. */
  public Person without(Set<Identifier> named) {
    Set<Link> left =
        links.stream()
            .filter(link -> !named.contains(link.a()) && !named.contains(link.b()))
            .collect(Collectors.toSet());
    Map<Identifier, Facet> rest = new HashMap<>();
    facets.forEach((owner, facet) -> rest.put(owner, facet.without(named)));
    return new Person(id, version, identifiers, left, rest, memberships, outbox, nextDue, reshaped);
  }

  /**
   * Every id that the person has or may have had before a merge: the hashes of the identifiers,
   * with the stored one. What is stored by person is found under these.
   */
  public Set<PersonId> ids(String workspace) {
    Set<PersonId> ids = new HashSet<>(Set.of(id));
    identifiers.keySet().forEach(identifier -> ids.add(identifier.hash(workspace)));
    return ids;
  }

  /**
   * The identifier whose hash is the person's public id, so that the id depends on what happened
   * and not on the order in which it became known: the one seen first, the strongest of several.
   */
  public Identifier founder() {
    return founder(identifiers);
  }

  static Identifier founder(Map<Identifier, Instant> identifiers) {
    return identifiers.entrySet().stream()
        .min(
            Map.Entry.<Identifier, Instant>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }
}
