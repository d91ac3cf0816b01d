package dev.perennial.domain.profile;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Evidence.Withdrawal;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.identity.ResolveLinks;
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
import java.util.stream.Stream;

/**
 * Does what the team says of who is who: merges people, withdraws a link or lets it count again,
 * ends that an identifier is shared, and tags. Said again, it changes nothing but is told again.
 * Where others keep changing the same people it is {@linkplain dev.perennial.domain.Contended
 * contended}.
 */
public final class AmendIdentity {

  private final People people;
  private final Publisher<ProfileChange> changes;
  private final SettlePeople settle;
  private final int mostUserIds;
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

    /** That identifier is shared, so it joins nobody. */
    record Shared(Identifier identifier) implements Amendment {}

    /** So much is known of these people that one person could not hold it. */
    record TooLarge() implements Amendment {}
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
    this.mostUserIds = mostUserIds;
    this.clock = clock;
    this.pause = pause;
  }

  /** Makes one person of those who have these identifiers, two or more. */
  public Amendment merge(List<Identifier> identifiers) {
    Evidence.Builder all = new Evidence.Builder();
    Set.copyOf(owners(identifiers).values()).forEach(person -> all.add(person.evidence()));
    if (all.isFull()) {
      return new Amendment.TooLarge();
    }
    Set<Identifier> shared = ResolveLinks.shared(all.build(), mostUserIds);
    Optional<Identifier> refused = identifiers.stream().filter(shared::contains).findFirst();
    if (refused.isPresent()) {
      return new Amendment.Shared(refused.get());
    }
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

  /** A merge that is said again is the same merge, unless something made it void meanwhile. */
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
    evidence.say(link);
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
   * whoever is seen with it from now on for the first time. One that is not shared stays as it is.
   */
  public Amendment reset(PersonId id, Identifier identifier) {
    Optional<Person> owner =
        people.find(id).filter(person -> person.identifiers().containsKey(identifier));
    if (owner.isEmpty()) {
      return new Amendment.Missing();
    }
    if (!ResolveLinks.shared(owner.get().evidence(), mostUserIds).contains(identifier)) {
      return new Amendment.Amended(List.of(owner.get()));
    }
    Instant now = clock.instant();
    return amend(List.of(identifier), now, evidence -> evidence.reset(identifier));
  }

  /**
   * Tags the person; {@link Value.Null} takes a tag away. Tags stay with the person's strongest
   * identifier when others part.
   */
  public Amendment tag(PersonId id, Map<String, Value> tags) {
    Instant now = clock.instant();
    return pause.retry(
        "the person",
        () -> {
          Person person = people.find(id).orElse(null);
          if (person == null) {
            return Optional.of(new Amendment.Missing());
          }
          Person tagged = tagged(person, said(tags, person, now));
          if (!tagged.equals(person) && !(people.save(Change.of(tagged)) instanceof Saving.Saved)) {
            return Optional.empty();
          }
          changes.publish(List.of(new ProfileChange(person.id(), Cause.EVENT)));
          return Optional.of(new Amendment.Amended(List.of(tagged)));
        });
  }

  private static Person tagged(Person person, Map<String, Trait> tags) {
    Identifier strongest = person.strongest();
    Map<Identifier, Facet> facets = new HashMap<>(person.facets());
    facets.put(strongest, facets.getOrDefault(strongest, Facet.empty(strongest)).tagged(tags));
    return person.withFacets(facets);
  }

  /** The latest word on each tag, also where clocks differ or stand. */
  private static Map<String, Trait> said(Map<String, Value> tags, Person person, Instant now) {
    Map<String, Trait> said = new HashMap<>();
    tags.forEach(
        (name, value) -> {
          Trait known =
              person.facets().values().stream()
                  .flatMap(facet -> Stream.ofNullable(facet.tags().get(name)))
                  .reduce(Trait::prevailing)
                  .orElse(null);
          Instant at = known == null || known.at().isBefore(now) ? now : known.at().plusMillis(1);
          said.put(
              name,
              known != null && known.value().equals(value) ? known : new Trait(value, at, ""));
        });
    return said;
  }

  private Amendment amend(
      List<Identifier> identifiers, Instant now, Consumer<Evidence.Builder> amendment) {
    return pause.retry(
        "the same people",
        () -> {
          Map<Identifier, Person> owners = owners(identifiers);
          for (Identifier identifier : identifiers) {
            if (!owners.containsKey(identifier)) {
              return Optional.of(new Amendment.Unknown(identifier));
            }
          }
          return amended(Set.copyOf(owners.values()), amendment, now)
              ? Optional.of(new Amendment.Amended(distinct(owners(identifiers).values())))
              : Optional.empty();
        });
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
    Change change = settle.change(before, evidence.build(), facets, now, now);
    if (change.people().isEmpty()) {
      tell(before);
      return true;
    }
    if (!settle.save(change, Set.of(), now)) {
      return false;
    }
    tell(change.people());
    return settle.settle(change, now, next -> tell(next.people()));
  }

  private void tell(Collection<Person> changed) {
    changes.publish(
        changed.stream()
            .map(
                person ->
                    new ProfileChange(
                        person.id(),
                        person.reshaped() == null ? Cause.EDIT : person.reshaped().cause()))
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
