package dev.perennial.domain.profile;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.Portraits;
import dev.perennial.domain.segment.Portraits.Portrait;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the team sees of a person: the fold of the facets. It depends on what happened and on the
 * time it is looked at, never on the order in which events arrived.
 *
 * @param id hash of the {@linkplain Person#founder() founder}
 * @param identifiers with the timestamp of the earliest event that showed each, by name of the
 *     namespace and value; of each namespace the {@value #SHOWN} that were seen last for the first
 *     time
 * @param hidden how many more there are, by name of the namespace
 * @param verified those of the identifiers that are {@linkplain #ADDRESSES addresses} and
 *     {@linkplain Person#isVerified verified}
 * @param traits by name; those withdrawn are absent
 * @param tags by name, given by hand or by rule; those taken away are absent
 * @param computed traits by name; those that are absent are left out
 * @param scores of a customer; empty of others, and where nobody is scored
 * @param segments that the person is in, with the time of entering
 * @param events how many were applied
 * @param completeness share, 0 to 1, of what is worth knowing: a user id, an email address, a phone
 *     number, a name, a time zone
 * @param tagCoverage share, 0 to 1, of the {@linkplain TagDimension dimensions} with a tag
 */
public record Profile(
    PersonId id,
    SortedMap<Identifier, Instant> identifiers,
    SortedMap<String, Integer> hidden,
    Set<Identifier> verified,
    SortedMap<String, Value> traits,
    SortedMap<String, Value> tags,
    SortedMap<String, Value> computed,
    Lifecycle lifecycle,
    CustomerStage stage,
    Map<Rfm.Dimension, Integer> scores,
    SortedMap<SegmentId, Instant> segments,
    long events,
    Instant firstSeen,
    Instant lastSeen,
    double completeness,
    double tagCoverage) {

  /** Most identifiers of one namespace that are shown. All of them join. */
  public static final int SHOWN = 100;

  /** Namespaces of what messages are sent to. */
  public static final Set<Namespace> ADDRESSES = Set.of(Namespace.EMAIL, Namespace.PHONE);

  private static final Comparator<Identifier> BY_NAME =
      Comparator.<Identifier, String>comparing(identifier -> identifier.namespace().name())
          .thenComparing(Identifier::value);

  private static final Comparator<Map.Entry<Identifier, Instant>> NEWEST =
      Map.Entry.<Identifier, Instant>comparingByValue()
          .reversed()
          .thenComparing(Map.Entry.comparingByKey());

  public Profile {
    identifiers = Collections.unmodifiableSortedMap(new TreeMap<>(identifiers));
    hidden = Collections.unmodifiableSortedMap(new TreeMap<>(hidden));
    verified = Set.copyOf(verified);
    traits = Collections.unmodifiableSortedMap(new TreeMap<>(traits));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    computed = Collections.unmodifiableSortedMap(new TreeMap<>(computed));
    scores = Map.copyOf(scores);
    segments = Collections.unmodifiableSortedMap(new TreeMap<>(segments));
  }

  /** The profile of a person at that time where nothing is defined. */
  public static Profile of(Person person, String workspace, Instant now) {
    return of(person, Allowed.NOTHING, Portraits.NONE, workspace, now);
  }

  /**
   * The profile of a person at that time.
   *
   * @param person counted by {@link Portraits#counters}
   */
  public static Profile of(
      Person person, Allowed allowed, Portraits portraits, String workspace, Instant now) {
    SortedMap<Identifier, Instant> identifiers = new TreeMap<>(BY_NAME);
    SortedMap<String, Integer> hidden = new TreeMap<>();
    show(person.identifiers(), identifiers, hidden);
    Facts facts = Facts.of(person, allowed);
    Portrait portrait = portraits.of(facts, now);
    SortedMap<SegmentId, Instant> segments = new TreeMap<>();
    person
        .memberships()
        .forEach(
            (segment, membership) -> {
              if (membership.member() && !segment.isTag() && portraits.has(segment)) {
                segments.put(segment, membership.since());
              }
            });
    Span seen = Span.of(person);
    return new Profile(
        person.founder().hash(workspace),
        identifiers,
        hidden,
        verified(person, identifiers.keySet()),
        new TreeMap<>(facts.traits()),
        portrait.tags(),
        portrait.computed(),
        portraits.lifecycle().at(seen.first(), seen.last(), now),
        portrait.stage(),
        portrait.scores(),
        segments,
        person.facets().values().stream().mapToLong(Facet::events).sum(),
        seen.first(),
        seen.last(),
        completeness(person, facts.traits()),
        portrait.dimensions().size() / (double) TagDimension.values().length);
  }

  /** This profile of that person with all identifiers. */
  public Profile whole(Person person) {
    SortedMap<Identifier, Instant> all = new TreeMap<>(BY_NAME);
    all.putAll(person.identifiers());
    return new Profile(
        id,
        all,
        new TreeMap<>(),
        verified(person, all.keySet()),
        traits,
        tags,
        computed,
        lifecycle,
        stage,
        scores,
        segments,
        events,
        firstSeen,
        lastSeen,
        completeness,
        tagCoverage);
  }

  private static Set<Identifier> verified(Person person, Set<Identifier> shown) {
    return shown.stream()
        .filter(identifier -> ADDRESSES.contains(identifier.namespace()))
        .filter(person::isVerified)
        .collect(Collectors.toSet());
  }

  private static void show(
      Map<Identifier, Instant> known, Map<Identifier, Instant> shown, Map<String, Integer> hidden) {
    known.entrySet().stream()
        .collect(Collectors.groupingBy(identifier -> identifier.getKey().namespace().name()))
        .forEach(
            (namespace, all) -> {
              all.stream()
                  .sorted(NEWEST)
                  .limit(SHOWN)
                  .forEach(identifier -> shown.put(identifier.getKey(), identifier.getValue()));
              if (all.size() > SHOWN) {
                hidden.put(namespace, all.size() - SHOWN);
              }
            });
  }

  private static double completeness(Person person, Map<String, Value> traits) {
    List<Boolean> known =
        List.of(
            has(person, Namespace.USER_ID),
            has(person, Namespace.EMAIL),
            has(person, Namespace.PHONE),
            Stream.of("name", "firstName", "lastName").anyMatch(traits::containsKey),
            traits.containsKey(Facet.TIMEZONE));
    return Collections.frequency(known, true) / (double) known.size();
  }

  private static boolean has(Person person, Namespace namespace) {
    return person.identifiers().keySet().stream()
        .anyMatch(identifier -> identifier.namespace().equals(namespace));
  }
}
