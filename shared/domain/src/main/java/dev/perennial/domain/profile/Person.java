package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Null;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stored head of a person: one item, changed by one conditional write.
 *
 * @param version of the item, counting up from 1 with each write; 0 when not stored yet
 * @param evidence about the person's identifiers, of which there is at least one
 * @param facets by owner identifier
 * @param memberships of every segment ever entered
 * @param outbox transitions committed here and perhaps not yet published or indexed, oldest first
 * @param nextDue when the registered timer fires; null when none is. One in the past counts as none
 * @param reshaped whether identifiers came or went since the memberships were last evaluated, which
 *     then sets null
 * @param trail of who left
 * @param unsettled whether the evidence says that more people are to part from this one: they do so
 *     a few at a time
 */
public record Person(
    PersonId id,
    long version,
    Evidence evidence,
    Map<Identifier, Facet> facets,
    Map<SegmentId, Membership> memberships,
    List<Transition> outbox,
    @Nullable Instant nextDue,
    @Nullable Reshaping reshaped,
    Trail trail,
    boolean unsettled)
    implements People.Head {

  /** Stands for write keys whose names are not at hand. */
  static final String UNKNOWN_KEY = "unknown";

  public Person {
    facets = Map.copyOf(facets);
    memberships = Map.copyOf(memberships);
    outbox = List.copyOf(outbox);
  }

  /** A person whom nobody left, and of whose links none was ever withdrawn. */
  public Person(
      PersonId id,
      long version,
      Map<Identifier, Instant> identifiers,
      Set<Link> links,
      Map<Identifier, Facet> facets,
      Map<SegmentId, Membership> memberships,
      List<Transition> outbox,
      @Nullable Instant nextDue,
      @Nullable Reshaping reshaped) {
    this(
        id,
        version,
        new Evidence(identifiers, links, Map.of(), Map.of()),
        facets,
        memberships,
        outbox,
        nextDue,
        reshaped,
        Trail.NONE,
        false);
  }

  /** The identifiers, each with the timestamp of the earliest event that showed it. */
  public Map<Identifier, Instant> identifiers() {
    return evidence.identifiers();
  }

  /** All evidence of who belongs to whom, refused links included. */
  public Set<Link> links() {
    return evidence.links();
  }

  /**
   * Whether somebody else than a client says that the identifier is the person's: a server's event
   * or a merge on request links it to another one of theirs, or it is the owner of a server's
   * event.
   */
  public boolean isVerified(Identifier identifier) {
    Facet own = facets.get(identifier);
    return (own != null && own.vouched())
        || links().stream()
            .anyMatch(
                link ->
                    link.strength() != Link.Strength.CLIENT
                        && link.key().names(identifier)
                        && identifiers().containsKey(link.other(identifier))
                        && evidence.counts(link));
  }

  /** The value of that trait, by all facets; null when it is absent or was withdrawn. */
  public @Nullable Value trait(String name) {
    return facets.values().stream()
        .map(facet -> facet.traits().get(name))
        .filter(Objects::nonNull)
        .reduce(Trait::prevailing)
        .map(Trait::value)
        .filter(value -> !(value instanceof Null))
        .orElse(null);
  }

  /**
   * Name of the write key by which the person was last heard of since then; {@value #UNKNOWN_KEY}
   * when all of that is in pages of history, and no server ever spoke of them; null when they were
   * not heard of, or by a server.
   */
  public @Nullable String heardBy(Instant since) {
    Optional<Event> latest =
        facets.values().stream()
            .flatMap(facet -> facet.tail().stream())
            .filter(event -> !event.receivedAt().isBefore(since))
            .max(Comparator.comparing(Event::receivedAt).thenComparing(Event::messageId));
    if (latest.isPresent()) {
      return latest.get().key();
    }
    // Whoever holds a write key could say so much that nothing is left to be read here.
    boolean paged =
        facets.values().stream()
            .filter(facet -> facet.tail().isEmpty() && facet.newestPage() != null)
            .anyMatch(facet -> !facet.lastSeen().isBefore(since));
    return paged && facets.values().stream().noneMatch(Facet::vouched) ? UNKNOWN_KEY : null;
  }

  /** This person as stored with that version. */
  public Person withVersion(long stored) {
    return new Person(
        id, stored, evidence, facets, memberships, outbox, nextDue, reshaped, trail, unsettled);
  }

  /** This person with those facets. */
  public Person withFacets(Map<Identifier, Facet> next) {
    return new Person(
        id, version, evidence, next, memberships, outbox, nextDue, reshaped, trail, unsettled);
  }

  /**
   * This person as at that instant, as far as facets {@linkplain Facet#asOf remember}; empty when
   * nothing of them was known then.
   */
  public Optional<Person> asOf(Instant instant) {
    Set<Identifier> later = new HashSet<>();
    identifiers()
        .forEach(
            (identifier, since) -> {
              if (since.isAfter(instant)) {
                later.add(identifier);
              }
            });
    if (later.size() == identifiers().size()) {
      return Optional.empty();
    }
    Map<Identifier, Facet> then = new HashMap<>(facets);
    then.replaceAll((_, facet) -> facet.asOf(instant));
    return Optional.of(withEvidence(evidence.without(later)).withFacets(then));
  }

  /** This person by that evidence. */
  Person withEvidence(Evidence next) {
    return new Person(
        id, version, next, facets, memberships, outbox, nextDue, reshaped, trail, unsettled);
  }

  /** This person as evaluated. */
  public Person evaluated(
      Map<SegmentId, Membership> memberships,
      List<Transition> outbox,
      @Nullable Instant nextDue,
      @Nullable Reshaping reshaped) {
    return new Person(
        id, version, evidence, facets, memberships, outbox, nextDue, reshaped, trail, unsettled);
  }

  /** Whether all facets have the counters of that set, and perhaps more. */
  public boolean counts(CounterSet set) {
    return facets.values().stream().allMatch(facet -> set.isWithin(facet.counterSet()));
  }

  /** This person once all facets have the counters of that set. */
  public Person counting(CounterSet set, History history) {
    Map<Identifier, Facet> counted = new HashMap<>();
    facets.forEach((owner, facet) -> counted.put(owner, facet.counting(set, history)));
    return withFacets(counted);
  }

  /** The identifier that others give way to. */
  Identifier strongest() {
    return identifiers().keySet().stream().min(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * This person once the team said so of a list, unless it said something else later. As tags do,
   * this stays with the strongest identifier when others part.
   */
  public Person listed(SegmentId list, Listed said) {
    if (facets.values().stream()
        .flatMap(facet -> Stream.ofNullable(facet.lists().get(list)))
        .anyMatch(known -> known.prevailing(said).equals(known))) {
      return this;
    }
    Identifier owner = strongest();
    Map<Identifier, Facet> next = new HashMap<>(facets);
    next.put(owner, facets.getOrDefault(owner, Facet.empty(owner)).listed(list, said));
    return withFacets(next);
  }

  /** This person as if nothing had ever named these identifiers, which are not the person's. */
  public Person without(Set<Identifier> named) {
    Map<Identifier, Facet> rest = new HashMap<>();
    facets.forEach((owner, facet) -> rest.put(owner, facet.without(named)));
    return new Person(
        id,
        version,
        evidence.without(named),
        rest,
        memberships,
        outbox,
        nextDue,
        reshaped,
        trail,
        unsettled);
  }

  /**
   * Every id that the person has or may have had before a merge: the hashes of the identifiers,
   * with the stored one. What is stored by person is found under these.
   */
  public Set<PersonId> ids(String workspace) {
    Set<PersonId> ids = new HashSet<>(Set.of(id));
    identifiers().keySet().forEach(identifier -> ids.add(identifier.hash(workspace)));
    return ids;
  }

  /**
   * The identifier whose hash is the person's public id, so that the id depends on what happened
   * and not on the order in which it became known: the one seen first, the strongest of several.
   */
  public Identifier founder() {
    return founder(identifiers());
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
