package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies the difference between the people as stored and the people that the evidence resolves to.
 * Merging, dividing and late arrival are all this.
 *
 * <p>A stored person's id is the hash of one of its identifiers, its founder, and stays with the
 * founder. Where the founders of several people come together, the person with the strongest
 * identifier takes in the others, if that identifier is among them. A group without a founder gets
 * the hash of the identifier that was seen first; the id may have been absorbed once, and then goes
 * on where it stopped.
 */
final class Regroup {

  /** A person as stored, with the identifier that the id is the hash of. */
  private record Known(Person person, Identifier founder) {
    Identifier strongest() {
      return person.identifiers().keySet().stream().min(Comparator.naturalOrder()).orElseThrow();
    }
  }

  /** A known person whose founder is in somebody else's group now. */
  private record Absorption(Person person, PersonId into) {}

  private final Evidence evidence;
  private final Map<Identifier, Facet> facets;
  private final String workspace;
  private final Instant now;
  private final Function<PersonId, Optional<Absorbed>> tombstones;

  private final Map<PersonId, Known> before = new HashMap<>();
  private final Map<Identifier, PersonId> formerHomes = new HashMap<>();
  private final Map<Identifier, PersonId> homes = new HashMap<>();
  private final Map<PersonId, Absorption> absorptions = new HashMap<>();
  private final List<Absorbed> returns = new ArrayList<>();

  private Regroup(
      Evidence evidence,
      Map<Identifier, Facet> facets,
      String workspace,
      Instant now,
      Function<PersonId, Optional<Absorbed>> tombstones) {
    this.evidence = evidence;
    this.facets = facets;
    this.workspace = workspace;
    this.now = now;
    this.tombstones = tombstones;
  }

  /**
   * The change that makes these people what the evidence says.
   *
   * @param people all who have any of the identifiers
   * @param evidence all of theirs and what is new
   * @param facets as they shall be, of all owners
   * @param tombstones finds who was absorbed; asked only about ids that may return
   */
  static Change regroup(
      Collection<Person> people,
      Evidence evidence,
      Map<Identifier, Facet> facets,
      String workspace,
      Instant now,
      Function<PersonId, Optional<Absorbed>> tombstones) {
    return new Regroup(evidence, facets, workspace, now, tombstones).change(people);
  }

  private Change change(Collection<Person> stored) {
    stored.forEach(this::remember);
    List<List<Identifier>> groups =
        ResolveLinks.resolve(evidence.firstSeen().keySet(), evidence.links()).people();
    for (List<Identifier> group : groups) {
      PersonId id = idOf(group);
      group.forEach(identifier -> homes.put(identifier, id));
    }
    for (Known known : before.values()) {
      PersonId home = homes.get(known.founder());
      if (home != null && !home.equals(known.person().id())) {
        absorptions.put(known.person().id(), new Absorption(known.person(), home));
      }
    }

    List<Person> people = new ArrayList<>();
    int more = -absorptions.size();
    for (List<Identifier> group : groups) {
      PersonId id = idOf(group);
      Known known = before.get(id);
      Person person = after(known == null ? returned(id) : known.person(), group);
      more += known == null ? 1 : 0;
      if (known == null || !person.equals(known.person())) {
        people.add(person);
      }
    }
    return new Change(
        people,
        absorptions.values().stream().map(this::absorbed).toList(),
        founded(),
        moved(),
        more);
  }

  private void remember(Person person) {
    person.identifiers().keySet().forEach(identifier -> formerHomes.put(identifier, person.id()));
    Identifier founder =
        person.identifiers().keySet().stream()
            .filter(identifier -> identifier.hash(workspace).equals(person.id()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(person.id() + " has no founder"));
    before.put(person.id(), new Known(person, founder));
  }

  private PersonId idOf(List<Identifier> group) {
    Set<Identifier> members = Set.copyOf(group);
    return before.values().stream()
        .filter(known -> members.contains(known.founder()))
        .min(
            Comparator.<Known, Boolean>comparing(known -> !members.contains(known.strongest()))
                .thenComparing(Known::strongest))
        .map(known -> known.person().id())
        .orElseGet(() -> Person.founder(firstSeen(group)).hash(workspace));
  }

  /**
   * Nobody yet, or who was absorbed and has an identifier again. Only known identifiers can have
   * founded somebody.
   */
  private Person returned(PersonId id) {
    boolean mayReturn =
        formerHomes.keySet().stream().anyMatch(known -> known.hash(workspace).equals(id));
    Optional<Absorbed> tombstone = mayReturn ? tombstones.apply(id) : Optional.empty();
    tombstone.ifPresent(returns::add);
    return new Person(
        id,
        tombstone.map(Absorbed::version).orElse(0L),
        Map.of(),
        Set.of(),
        Map.of(),
        tombstone.map(Absorbed::memberships).orElse(Map.of()),
        List.of(),
        null,
        null);
  }

  private Person after(Person base, List<Identifier> group) {
    Set<Identifier> members = Set.copyOf(group);
    Set<Link> links = new HashSet<>();
    for (Link link : evidence.links()) {
      if (members.contains(link.a()) || members.contains(link.b())) {
        links.add(link);
      }
    }
    Map<Identifier, Facet> own = new HashMap<>(facets);
    own.keySet().retainAll(members);
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
        firstSeen(group),
        links,
        own,
        base.memberships(),
        outbox,
        base.nextDue(),
        reshaped(base, members));
  }

  private @Nullable Cause reshaped(Person base, Set<Identifier> members) {
    boolean gained =
        members.stream()
            .map(formerHomes::get)
            .anyMatch(former -> former != null && !former.equals(base.id()));
    if (gained) {
      return before.containsKey(base.id()) ? Cause.MERGE : Cause.SPLIT;
    }
    return members.containsAll(base.identifiers().keySet()) ? base.reshaped() : Cause.SPLIT;
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
        person.identifiers().keySet(),
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
    founded.keySet().removeAll(formerHomes.keySet());
    return founded;
  }

  /**
   * Those whose pointer may not lead to their new person: it names their former one, or one who led
   * there and returns.
   */
  private Map<Identifier, PersonId> moved() {
    Map<Identifier, PersonId> moved = new HashMap<>();
    formerHomes.forEach(
        (identifier, former) -> {
          PersonId home = homes.get(identifier);
          Absorption absorption = absorptions.get(former);
          PersonId led = absorption == null ? former : absorption.into();
          if (home != null && !home.equals(led)) {
            moved.put(identifier, home);
          }
        });
    for (Absorbed returned : returns) {
      for (Identifier identifier : returned.identifiers()) {
        PersonId home = homes.get(identifier);
        if (home != null && formerHomes.containsKey(identifier) && !home.equals(returned.id())) {
          moved.put(identifier, home);
        }
      }
    }
    return moved;
  }

  private Map<Identifier, Instant> firstSeen(List<Identifier> group) {
    Map<Identifier, Instant> firstSeen = new HashMap<>(evidence.firstSeen());
    firstSeen.keySet().retainAll(Set.copyOf(group));
    return firstSeen;
  }
}
