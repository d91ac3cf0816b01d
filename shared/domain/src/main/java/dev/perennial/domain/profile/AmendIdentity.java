package dev.perennial.domain.profile;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Does what the team says of who is who: merges people, withdraws a link or lets it count again,
 * ends that an identifier is shared, and tags. Said again, it changes nothing but is told again.
 */
public final class AmendIdentity {

  private final People people;
  private final Publisher<ProfileChange> changes;
  private final SettlePeople settle;
  private final InstantSource clock;
  private final Pause pause;

  /** What became of an amendment. */
  public sealed interface Amendment {
    /** The people who have the identifiers it was about, as they are now. */
    record Amended(List<Person> people) implements Amendment {
      public Amended {
        people = List.copyOf(people);
      }
    }

    /** Nobody is known by that identifier. */
    record Unknown(Identifier identifier) implements Amendment {}

    /** There is no such person, or the person has no such link or identifier. */
    record Missing() implements Amendment {}

    /** Others kept changing the same people: to be said again. */
    record Contended() implements Amendment {}
  }

  /**
   * @param mostUserIds an identifier seen with more is shared
   */
  public AmendIdentity(
      People people,
      Timers timers,
      Publisher<ProfileChange> changes,
      int mostUserIds,
      InstantSource clock,
      Pause pause) {
    this.people = people;
    this.changes = changes;
    this.settle = new SettlePeople(people, timers, mostUserIds, pause);
    this.clock = clock;
    this.pause = pause;
  }

  /** Makes one person of those who have these identifiers, two or more. */
  public Amendment merge(List<Identifier> identifiers) {
    Instant now = clock.instant();
    return amend(
        identifiers,
        now,
        evidence -> {
          for (Identifier other : new TreeSet<>(identifiers.subList(1, identifiers.size()))) {
            if (!other.equals(identifiers.getFirst())) {
              merge(identifiers.getFirst(), other, now, evidence);
            }
          }
        });
  }

  /** A merge that is said again is the same merge, unless it was withdrawn meanwhile. */
  private static void merge(
      Identifier one, Identifier other, Instant now, Evidence.Builder evidence) {
    Link link =
        Link.between(
            one,
            other,
            Link.Kind.MERGE,
            Link.Strength.EXPLICIT,
            now,
            Digest.of("merge", one.toString(), other.toString(), now.toString()));
    if (evidence.link(link.key()) == null) {
      evidence.add(link);
    }
    evidence.allow(link.key());
  }

  /**
   * Lets the link of that id count no more, whatever says it, until it is {@linkplain #allow
   * allowed}.
   *
   * @param by name of the key that asks
   */
  public Amendment withdraw(PersonId id, String linkId, String by) {
    Instant now = clock.instant();
    return onLink(
        id, linkId, now, (evidence, key) -> evidence.withdraw(key, new Withdrawal(now, by)));
  }

  /** Lets a withdrawn link count again. */
  public Amendment allow(PersonId id, String linkId) {
    return onLink(id, linkId, clock.instant(), Evidence.Builder::allow);
  }

  /** What a link says by its key. */
  private interface OnLink {
    void amend(Evidence.Builder evidence, Link.Key key);
  }

  private Amendment onLink(PersonId id, String linkId, Instant now, OnLink amendment) {
    Optional<Link.Key> key =
        people.find(id).stream()
            .flatMap(person -> person.links().stream())
            .map(Link::key)
            .filter(known -> known.id().equals(linkId))
            .findFirst();
    if (key.isEmpty()) {
      return new Amendment.Missing();
    }
    return amend(
        List.of(key.get().a(), key.get().b()),
        now,
        evidence -> amendment.amend(evidence, key.get()));
  }

  /**
   * Ends that the identifier is shared. What was said of it so far says nothing any more: it joins
   * whoever is seen with it from now on for the first time.
   */
  public Amendment reset(PersonId id, Identifier identifier) {
    if (people.find(id).stream()
        .noneMatch(person -> person.identifiers().containsKey(identifier))) {
      return new Amendment.Missing();
    }
    Instant now = clock.instant();
    return amend(List.of(identifier), now, evidence -> evidence.reset(identifier, now));
  }

  /**
   * Tags the person; {@link Value.Null} takes a tag away. Tags stay with the person's strongest
   * identifier when others part.
   */
  public Amendment tag(PersonId id, Map<String, Value> tags) {
    Instant now = clock.instant();
    Map<String, Trait> said = new HashMap<>();
    tags.forEach((name, value) -> said.put(name, new Trait(value, now, "")));
    for (int attempt = 1; attempt <= SettlePeople.ATTEMPTS; attempt++) {
      Person person = people.find(id).orElse(null);
      if (person == null) {
        return new Amendment.Missing();
      }
      Identifier strongest =
          person.identifiers().keySet().stream().min(Comparator.naturalOrder()).orElseThrow();
      Map<Identifier, Facet> facets = new HashMap<>(person.facets());
      facets.put(strongest, facets.getOrDefault(strongest, Facet.empty(strongest)).tagged(said));
      Person tagged = person.withFacets(facets);
      if (tagged.equals(person) || people.save(Change.of(tagged)) instanceof Saving.Saved) {
        changes.publish(List.of(new ProfileChange(person.id(), Cause.EVENT)));
        return new Amendment.Amended(List.of(tagged));
      }
      pause.after(attempt);
    }
    return new Amendment.Contended();
  }

  private Amendment amend(
      List<Identifier> identifiers, Instant now, Consumer<Evidence.Builder> amendment) {
    for (int attempt = 1; attempt <= SettlePeople.ATTEMPTS; attempt++) {
      Map<Identifier, Person> owners = owners(identifiers);
      for (Identifier identifier : identifiers) {
        if (!owners.containsKey(identifier)) {
          return new Amendment.Unknown(identifier);
        }
      }
      if (amended(Set.copyOf(owners.values()), amendment, now)) {
        return new Amendment.Amended(distinct(owners(identifiers).values()));
      }
      pause.after(attempt);
    }
    return new Amendment.Contended();
  }

  /** Whether it is done; false when somebody else wrote first. */
  private boolean amended(Set<Person> before, Consumer<Evidence.Builder> amendment, Instant now) {
    Evidence.Builder evidence = new Evidence.Builder();
    Map<Identifier, Facet> facets = new HashMap<>();
    for (Person person : before) {
      evidence.add(person.evidence());
      facets.putAll(person.facets());
    }
    amendment.accept(evidence);
    Change change = settle.change(before, evidence.build(), facets, now);
    if (change.people().isEmpty()) {
      tell(before);
      return true;
    }
    if (!settle.save(change, Set.of(), now)) {
      return false;
    }
    tell(change.people());
    // Who does not part now does so when anybody touches the person again.
    boolean _ = settle.settle(change, now, next -> tell(next.people()));
    return true;
  }

  private void tell(Collection<Person> changed) {
    changes.publish(
        changed.stream()
            .map(
                person ->
                    new ProfileChange(
                        person.id(), person.reshaped() == null ? Cause.EDIT : person.reshaped()))
            .toList());
  }

  private Map<Identifier, Person> owners(List<Identifier> identifiers) {
    return Following.owners(
        people, people.locate(identifiers, Freshness.CURRENT).people(), Freshness.CURRENT);
  }

  private static List<Person> distinct(Collection<Person> people) {
    return people.stream()
        .collect(Collectors.toMap(Person::id, person -> person, (one, _) -> one))
        .values()
        .stream()
        .sorted(Comparator.comparing(Person::id))
        .toList();
  }
}
