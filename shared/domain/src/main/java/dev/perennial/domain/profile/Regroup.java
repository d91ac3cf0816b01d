package dev.perennial.domain.profile;

import dev.perennial.domain.Contended;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
 *
 * <p>One change lets at most {@value #STEP} new people part. When more are to, those left stay
 * where they are and the person is {@linkplain Person#unsettled unsettled}: whoever touches the
 * person next lets the next ones part. The identifier that is shared, and so was what held them
 * together, parts last, so that the evidence which says all this is with the person until then.
 */
final class Regroup {

  /** Most people who part in one change: a transaction takes 100 items. */
  static final int STEP = 8;

  /** How many times the most user ids of one person an identifier keeps links to. */
  private static final int LINKS_OF_SHARED = 10;

  /**
   * Most people who may come together because an identifier stops being shared: a transaction takes
   * 100 items. A shared identifier keeps links to no more, those to further user ids aside.
   */
  private static final int MOST_FREED = 80;

  /** A person as stored, with the identifier that the id is the hash of. */
  private record Known(Person person, Identifier founder) {
    Identifier strongest() {
      return person.strongest();
    }
  }

  /** A known person whose founder is in somebody else's group now. */
  private record Absorption(Person person, PersonId into) {}

  /** Who is one person for now. */
  private record Group(Set<Identifier> members, boolean unsettled) {}

  private final People store;
  private final String workspace;
  private final int mostUserIds;
  private final Instant now;
  private final Instant since;
  private final List<Person> stored;
  private Evidence evidence;
  private final Map<Identifier, Facet> facets;

  private final Map<PersonId, Known> before = new HashMap<>();
  private final Map<Identifier, PersonId> formerHomes = new HashMap<>();
  private final Map<Identifier, PersonId> homes = new HashMap<>();
  private final Map<PersonId, Absorption> absorptions = new HashMap<>();

  /** The least identifiers of groups who part now, and about whom more people were asked for. */
  private final Set<Identifier> leaving = new HashSet<>();

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
    this.facets = new HashMap<>(facets);
    this.since = since;
    this.now = now;
    this.stored = List.copyOf(people);
  }

  /** The change that makes these people what the evidence says, or comes nearer to that. */
  Change change() {
    Evidence former = Evidence.of(stored.stream().map(Person::evidence).toList());
    if (evidence.sameBonds(former) && stored.stream().noneMatch(Person::unsettled)) {
      return lessons();
    }
    stored.forEach(this::remember);
    List<Group> groups = groups(former);
    for (Group group : groups) {
      PersonId id = idOf(group.members());
      group.members().forEach(identifier -> homes.put(identifier, id));
    }
    for (Known known : before.values()) {
      PersonId home = Objects.requireNonNull(homes.get(known.founder()));
      if (!home.equals(known.person().id())) {
        absorptions.put(known.person().id(), new Absorption(known.person(), home));
      }
    }

    List<Person> people = new ArrayList<>();
    List<Person> witnesses = new ArrayList<>();
    int more = -absorptions.size();
    for (Group group : groups) {
      PersonId id = Objects.requireNonNull(homes.get(group.members().iterator().next()));
      Known known = before.get(id);
      Person person = after(known == null ? returned(id) : known.person(), group);
      more += known == null ? 1 : 0;
      (known == null || !person.equals(known.person()) ? people : witnesses).add(person);
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

  private void remember(Person person) {
    person.identifiers().keySet().forEach(identifier -> formerHomes.put(identifier, person.id()));
    Identifier founder =
        person.identifiers().keySet().stream()
            .filter(identifier -> identifier.hash(workspace).equals(person.id()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(person.id() + " has no founder"));
    before.put(person.id(), new Known(person, founder));
  }

  /** Everybody stays who they are, and learns. */
  private Change lessons() {
    List<Person> people = new ArrayList<>();
    for (Person person : stored) {
      Set<Identifier> members = person.identifiers().keySet();
      Map<Identifier, Facet> own = new HashMap<>(facets);
      own.keySet().retainAll(members);
      Person next = person.withFacets(own).withEvidence(evidence.about(members));
      if (!next.equals(person)) {
        people.add(next);
      }
    }
    return new Change(people, List.of(), List.of(), Map.of(), Map.of(), 0);
  }

  private List<Group> groups(Evidence known) {
    meet(freed(known));
    Resolution resolution = ResolveLinks.resolve(evidence, mostUserIds);
    for (Set<Identifier> wanted = wanted(resolution);
        !wanted.isEmpty();
        wanted = wanted(resolution)) {
      meet(wanted);
      resolution = ResolveLinks.resolve(evidence, mostUserIds);
    }
    return settle(resolution);
  }

  /**
   * Whom an identifier was seen with that was shared and is so no more: what it said of them counts
   * again, and may join those who stayed alone.
   */
  private Set<Identifier> freed(Evidence known) {
    Set<Identifier> freed = new HashSet<>(ResolveLinks.shared(known, mostUserIds));
    if (!freed.isEmpty()) {
      freed.removeAll(ResolveLinks.shared(evidence, mostUserIds));
    }
    Set<Identifier> wanted = new LinkedHashSet<>();
    if (!freed.isEmpty()) {
      for (Link link : new TreeSet<>(evidence.links())) {
        if (evidence.counts(link) && (freed.contains(link.a()) || freed.contains(link.b()))) {
          wanted.addAll(List.of(link.a(), link.b()));
        }
      }
      wanted.removeAll(evidence.identifiers().keySet());
    }
    return wanted.stream().limit(MOST_FREED).collect(Collectors.toSet());
  }

  /**
   * Who must be known to tell where somebody belongs who cannot stay where they are, or who is one
   * of the few to part now.
   */
  private Set<Identifier> wanted(Resolution resolution) {
    Map<Identifier, List<Identifier>> groups = new HashMap<>();
    resolution.people().forEach(group -> group.forEach(member -> groups.put(member, group)));
    Set<Identifier> wanted = new HashSet<>();
    for (Link link : new TreeSet<>(resolution.outward())) {
      Identifier here = evidence.identifiers().containsKey(link.a()) ? link.a() : link.b();
      List<Identifier> group = Objects.requireNonNull(groups.get(here));
      if (!mayStay(group)
          || leaving.contains(group.getFirst())
          || (leaving.size() < STEP && leaving.add(group.getFirst()))) {
        wanted.add(link.other(here));
      }
    }
    return wanted;
  }

  /**
   * Adds these people. A link to somebody who is no more says nothing.
   *
   * @throws Contended when somebody is not where their pointer leads: others are moving them
   */
  private void meet(Set<Identifier> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    Map<Identifier, PersonId> pointers = store.locate(wanted, Freshness.CURRENT).people();
    Map<Identifier, Person> owners = Following.owners(store, pointers, Freshness.CURRENT);
    if (!owners.keySet().containsAll(pointers.keySet())) {
      throw new Contended("somebody whom these people are linked to");
    }
    Evidence.Builder all = new Evidence.Builder().add(evidence);
    for (Person person : Set.copyOf(owners.values())) {
      remember(person);
      all.add(person.evidence());
      person.facets().forEach(facets::putIfAbsent);
    }
    wanted.stream().filter(identifier -> !owners.containsKey(identifier)).forEach(all::forget);
    evidence = all.build();
  }

  /** Whether all of the group are with one person now, who goes on without them. */
  private boolean mayStay(Collection<Identifier> group) {
    Set<@Nullable PersonId> from = new HashSet<>();
    group.forEach(identifier -> from.add(formerHomes.get(identifier)));
    return from.size() == 1
        && from.stream().noneMatch(Objects::isNull)
        && before.values().stream().noneMatch(known -> group.contains(known.founder()));
  }

  /** Those who part now, and with the others those who part later. */
  private List<Group> settle(Resolution resolution) {
    Set<Identifier> lost = new HashSet<>();
    resolution.outward().forEach(link -> lost.addAll(List.of(link.a(), link.b())));
    List<List<Identifier>> parting =
        resolution.people().stream()
            .filter(this::mayStay)
            .sorted(
                Comparator.comparing(
                    group -> group.stream().anyMatch(resolution.shared()::contains)))
            .toList();
    Set<List<Identifier>> staying =
        parting.stream()
            .filter(group -> group.stream().anyMatch(lost::contains))
            .collect(Collectors.toSet());
    List<List<Identifier>> free =
        parting.stream().filter(group -> !staying.contains(group)).toList();
    staying.addAll(free.subList(Math.min(STEP, free.size()), free.size()));
    if (!staying.isEmpty()) {
      free.stream()
          .filter(group -> group.stream().anyMatch(resolution.shared()::contains))
          .forEach(staying::add);
    }

    Map<PersonId, Set<Identifier>> stay = new HashMap<>();
    for (List<Identifier> group : staying) {
      PersonId home = Objects.requireNonNull(formerHomes.get(group.getFirst()));
      stay.computeIfAbsent(home, _ -> new HashSet<>()).addAll(group);
    }
    List<Group> groups = new ArrayList<>();
    for (List<Identifier> group : resolution.people()) {
      if (!staying.contains(group)) {
        Set<Identifier> members = new HashSet<>(group);
        before
            .values()
            .forEach(
                known -> {
                  if (group.contains(known.founder())) {
                    members.addAll(stay.getOrDefault(known.person().id(), Set.of()));
                  }
                });
        groups.add(new Group(members, members.size() > group.size()));
      }
    }
    return groups;
  }

  private PersonId idOf(Set<Identifier> members) {
    return before.values().stream()
        .filter(known -> members.contains(known.founder()))
        .min(
            Comparator.<Known, Boolean>comparing(known -> !members.contains(known.strongest()))
                .thenComparing(Known::strongest))
        .map(known -> known.person().id())
        .orElseGet(() -> Person.founder(evidence.about(members).identifiers()).hash(workspace));
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
    Map<Identifier, Facet> own = new HashMap<>(facets);
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
        evidenceOf(group.members()),
        own,
        base.memberships(),
        outbox,
        base.nextDue(),
        reshaped(base, group.members()),
        trail(base, group.members()),
        group.unsettled());
  }

  /**
   * Evidence about them, without what can join nobody and would grow without end: a shared
   * identifier meets everybody who passes by, and anybody may claim an address that a server says
   * is somebody else's. The first few such links tell what there is to tell.
   */
  private Evidence evidenceOf(Set<Identifier> members) {
    Evidence all = evidence.about(members);
    if (all.links().size() <= MOST_FREED - mostUserIds) {
      return all;
    }
    Set<Identifier> shared = ResolveLinks.shared(all, mostUserIds);
    Map<Identifier, Integer> toUserIds = new HashMap<>();
    Map<Identifier, Integer> toOthers = new HashMap<>();
    Set<Link> kept = new HashSet<>();
    for (Link link : new TreeSet<>(all.links())) {
      boolean keeps = true;
      for (Identifier end : List.of(link.a(), link.b())) {
        if (link.other(end).isUserId()) {
          keeps &=
              end.isUserId()
                  || toUserIds.merge(end, 1, Integer::sum) <= LINKS_OF_SHARED * mostUserIds;
        } else if (shared.contains(end)) {
          keeps &= toOthers.merge(end, 1, Integer::sum) <= MOST_FREED - mostUserIds;
        }
      }
      if (keeps) {
        kept.add(link);
      }
    }
    return new Evidence(all.identifiers(), kept, all.withdrawn(), all.resets());
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
            .map(formerHomes::get)
            .anyMatch(home -> home != null && !home.equals(base.id()));
    if (!gained && members.containsAll(base.identifiers().keySet())) {
      return former;
    }
    Cause cause = gained && before.containsKey(base.id()) ? Cause.MERGE : Cause.SPLIT;
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
    founded.keySet().removeAll(formerHomes.keySet());
    return founded;
  }
}
