package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.KeptLinks;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Groups.Group;
import dev.perennial.domain.profile.Groups.Known;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies the difference between the people as stored and the people that the evidence resolves to.
 * Merging, parting, withdrawal and late arrival are all this.
 *
 * <p>A stored person's id is the hash of one of its identifiers, its founder, and stays with the
 * founder. Where the founders of several people come together, the person with the strongest
 * identifier takes in the others, if that identifier is among them. A group without a founder gets
 * the hash of the identifier that was seen first; the id may have been absorbed once, and then goes
 * on where it stopped.
 */
final class Regroup {

  /** A known person whose founder is in somebody else's group now. */
  private record Absorption(Person person, PersonId into) {}

  private final People store;
  private final String workspace;
  private final int mostUserIds;
  private final Instant now;
  private final Instant since;
  private final List<Person> stored;
  private final Evidence evidence;
  private final Map<Identifier, Facet> facets;
  private final Groups groups;

  private final Map<Identifier, PersonId> homes = new HashMap<>();
  private final Map<PersonId, Absorption> absorptions = new HashMap<>();

  /**
   * @param people all who have any of the identifiers
   * @param evidence all of theirs and what is new
   * @param facets as they shall be, of all owners
   * @param since of whoever is {@linkplain Reshaping reshaped}
   */
  Regroup(
      People store,
      int mostUserIds,
      Collection<Person> people,
      Evidence evidence,
      Map<Identifier, Facet> facets,
      Instant since,
      Instant now) {
    this.store = store;
    this.workspace = store.workspace();
    this.mostUserIds = mostUserIds;
    this.evidence = evidence;
    this.facets = facets;
    this.since = since;
    this.now = now;
    this.stored = List.copyOf(people);
    this.groups = new Groups(store, mostUserIds, stored, evidence, facets);
  }

  /** The change that makes these people what the evidence says, or comes nearer to that. */
  Change change() {
    Evidence former = Evidence.of(stored.stream().map(Person::evidence).toList());
    if (evidence.sameBonds(former) && stored.stream().noneMatch(Person::unsettled)) {
      return lessons();
    }
    List<Group> resolved = groups.resolve();
    for (Group group : resolved) {
      PersonId id = idOf(group.members());
      group.members().forEach(identifier -> homes.put(identifier, id));
    }
    for (Known known : groups.known().values()) {
      PersonId home = Objects.requireNonNull(homes.get(known.founder()));
      if (!home.equals(known.person().id())) {
        absorptions.put(known.person().id(), new Absorption(known.person(), home));
      }
    }

    List<Person> people = new ArrayList<>();
    List<Person> witnesses = new ArrayList<>();
    int more = -absorptions.size();
    for (Group group : resolved) {
      PersonId id = Objects.requireNonNull(homes.get(group.members().iterator().next()));
      Known known = groups.known().get(id);
      Person person = after(known == null ? returned(id) : known.person(), group);
      more += known == null ? 1 : 0;
      if (known == null || !person.equals(known.person())) {
        people.add(person);
      } else if (!group.shared() || stored.contains(known.person())) {
        // Who ends that an identifier is shared writes those it takes in: it needs no watching.
        witnesses.add(person);
      }
    }
    boolean moves = people.size() + absorptions.size() > 1;
    return new Change(
        people,
        absorptions.values().stream().map(this::absorbed).toList(),
        moves ? witnesses : List.of(),
        founded(),
        Map.of(),
        more);
  }

  /** Everybody stays who they are, and learns. */
  private Change lessons() {
    List<Person> people = new ArrayList<>();
    for (Person person : stored) {
      Set<Identifier> members = person.identifiers().keySet();
      Map<Identifier, Facet> own = new HashMap<>(facets);
      own.keySet().retainAll(members);
      Person next = person.withFacets(own).withEvidence(kept(evidence, members));
      if (!next.equals(person)) {
        people.add(next);
      }
    }
    return new Change(people, List.of(), List.of(), Map.of(), Map.of(), 0);
  }

  private PersonId idOf(Set<Identifier> members) {
    return groups.known().values().stream()
        .filter(known -> members.contains(known.founder()))
        .map(Known::person)
        .min(
            Comparator.<Person, Boolean>comparing(person -> !members.contains(person.strongest()))
                .thenComparing(Person::strongest))
        .map(Person::id)
        .orElseGet(
            () -> Person.founder(groups.evidence().about(members).identifiers()).hash(workspace));
  }

  /**
   * Nobody yet, or who was absorbed or erased and has an identifier again. Of who was erased long
   * ago the identifiers are as new as any, so it must be looked up for these too.
   */
  private Person returned(PersonId id) {
    Absorbed gone =
        store.read(Set.of(id), Freshness.RECENT).get(id) instanceof Absorbed absorbed
            ? absorbed
            : null;
    return new Person(
        id,
        gone == null ? 0 : gone.version(),
        Evidence.NONE,
        Map.of(),
        gone == null ? Map.of() : gone.memberships(),
        List.of(),
        null,
        null,
        gone == null ? Trail.NONE : gone.trailAlone(),
        false);
  }

  private Person after(Person base, Group group) {
    Map<Identifier, Facet> own = new HashMap<>(groups.facets());
    own.keySet().retainAll(group.members());
    List<Transition> outbox = new ArrayList<>(base.outbox());
    for (Absorption absorption : absorptions.values()) {
      if (absorption.into().equals(base.id())) {
        outbox.addAll(absorption.person().outbox());
        outbox.addAll(exits(absorption.person()));
      }
    }
    return new Person(
        base.id(),
        base.version(),
        group.unsettled()
            ? groups.evidence().about(group.members()) // Whoever parts later takes their own.
            : kept(groups.evidence(), group.members()),
        own,
        base.memberships(),
        outbox,
        base.nextDue(),
        reshaped(base, group.members()),
        trail(base, group.members()),
        group.unsettled());
  }

  private Evidence kept(Evidence all, Set<Identifier> members) {
    return KeptLinks.of(all.about(members), mostUserIds);
  }

  private Trail trail(Person base, Set<Identifier> members) {
    Trail trail = base.trail();
    return trail.after(
        departed(base, base.id()), trail.departed().isEmpty() ? Set.of() : hashes(members));
  }

  /** Where those went who were with that person and are not with the one of that id. */
  private Map<PersonId, PersonId> departed(Person person, PersonId stayed) {
    Map<PersonId, PersonId> departed = new HashMap<>();
    for (Identifier identifier : person.identifiers().keySet()) {
      PersonId home = homes.get(identifier);
      if (home != null && !home.equals(stayed)) {
        departed.put(identifier.hash(workspace), home);
      }
    }
    return departed;
  }

  private Set<PersonId> hashes(Set<Identifier> members) {
    return members.stream().map(member -> member.hash(workspace)).collect(Collectors.toSet());
  }

  private @Nullable Reshaping reshaped(Person base, Set<Identifier> members) {
    Reshaping former = base.reshaped();
    boolean gained =
        members.stream()
            .map(groups.homes()::get)
            .anyMatch(home -> home != null && !home.equals(base.id()));
    if (!gained && members.containsAll(base.identifiers().keySet())) {
      return former;
    }
    Cause cause = gained && groups.known().containsKey(base.id()) ? Cause.MERGE : Cause.SPLIT;
    Reshaping reshaping = new Reshaping(cause, since);
    return former == null ? reshaping : reshaping.after(former);
  }

  private Absorbed absorbed(Absorption absorption) {
    Person person = absorption.person();
    Map<SegmentId, Membership> memberships = new HashMap<>(person.memberships());
    for (Transition exit : exits(person)) {
      memberships.put(exit.segment(), new Membership(exit.number(), exit.at()));
    }
    return new Absorbed(
        person.id(),
        person.version(),
        absorption.into(),
        person.trail().after(departed(person, absorption.into()), Set.of()),
        memberships);
  }

  /**
   * The person of that id leaves every segment: whoever lives on is evaluated under an id of their
   * own.
   */
  private List<Transition> exits(Person person) {
    return person.memberships().entrySet().stream()
        .filter(membership -> membership.getValue().member())
        .sorted(Map.Entry.comparingByKey())
        .map(
            membership ->
                new Transition(
                    person.id(),
                    membership.getKey(),
                    membership.getValue().number() + 1,
                    now,
                    Cause.MERGE))
        .toList();
  }

  private Map<Identifier, PersonId> founded() {
    Map<Identifier, PersonId> founded = new HashMap<>(homes);
    founded.keySet().removeAll(groups.homes().keySet());
    return founded;
  }
}
