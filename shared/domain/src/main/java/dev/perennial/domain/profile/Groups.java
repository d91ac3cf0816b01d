package dev.perennial.domain.profile;

import dev.perennial.domain.Contended;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.KeptLinks;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.identity.ResolveLinks;
import dev.perennial.domain.identity.ResolveLinks.Resolution;
import dev.perennial.domain.profile.People.Freshness;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is one person for now, by all evidence: that of the people who are given, and of those whom
 * it says they may belong to, who are loaded.
 *
 * <p>At most {@value #STEP} new people part at a time. When more are to, those left stay where they
 * are and the person is {@linkplain Person#unsettled unsettled}: whoever touches the person next
 * lets the next ones part. The identifier that is shared, and so was what held them together, parts
 * last, so that the evidence which says all this is with the person until then.
 */
final class Groups {

  /** Most people who part in one change: a transaction takes 100 items. */
  static final int STEP = 8;

  /** A person as stored, with the identifier that the id is the hash of. */
  record Known(Person person, Identifier founder) {}

  /**
   * Who is one person for now.
   *
   * @param unsettled whether some of them are to part later
   * @param shared whether it is a shared identifier, which is nobody
   */
  record Group(Set<Identifier> members, boolean unsettled, boolean shared) {}

  private final People store;
  private final int mostUserIds;
  private Evidence evidence;
  private final Map<Identifier, Facet> facets;
  private final Map<PersonId, Known> known = new HashMap<>();
  private final Map<Identifier, PersonId> homes = new HashMap<>();

  /** The least identifiers of groups who part now, and about whom more people were asked for. */
  private final Set<Identifier> leaving = new HashSet<>();

  /**
   * @param people all who have any of the identifiers
   * @param evidence all of theirs and what is new
   * @param facets as they shall be, of all owners
   */
  Groups(
      People store,
      int mostUserIds,
      Collection<Person> people,
      Evidence evidence,
      Map<Identifier, Facet> facets) {
    this.store = store;
    this.mostUserIds = mostUserIds;
    this.evidence = evidence;
    this.facets = new HashMap<>(facets);
    people.forEach(this::remember);
  }

  /** All evidence, also of the people who were loaded. */
  Evidence evidence() {
    return evidence;
  }

  /** The facets of everybody's owners. */
  Map<Identifier, Facet> facets() {
    return facets;
  }

  /** The people as stored, by id. */
  Map<PersonId, Known> known() {
    return known;
  }

  /** With whom each identifier is stored. */
  Map<Identifier, PersonId> homes() {
    return homes;
  }

  /**
   * The groups.
   *
   * @throws Contended when somebody is not where their pointer leads: others are moving them
   */
  List<Group> resolve() {
    meet(
        freed(Evidence.of(known.values().stream().map(each -> each.person().evidence()).toList())));
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
  private Set<Identifier> freed(Evidence former) {
    Set<Identifier> freed = new HashSet<>(ResolveLinks.shared(former, mostUserIds));
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
    // Of the user ids the first takes all, and the others stay who they are.
    return Stream.concat(
            wanted.stream().filter(Identifier::isUserId).limit(mostUserIds),
            wanted.stream().filter(identifier -> !identifier.isUserId()))
        .limit(KeptLinks.MOST_MET)
        .collect(Collectors.toSet());
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

  /** Adds these people. A link to somebody who is no more says nothing. */
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
    group.forEach(identifier -> from.add(homes.get(identifier)));
    return from.size() == 1
        && from.stream().noneMatch(Objects::isNull)
        && known.values().stream().noneMatch(each -> group.contains(each.founder()));
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
      PersonId home = Objects.requireNonNull(homes.get(group.getFirst()));
      stay.computeIfAbsent(home, _ -> new HashSet<>()).addAll(group);
    }
    List<Group> groups = new ArrayList<>();
    for (List<Identifier> group : resolution.people()) {
      if (!staying.contains(group)) {
        Set<Identifier> members = new HashSet<>(group);
        known
            .values()
            .forEach(
                each -> {
                  if (group.contains(each.founder())) {
                    members.addAll(stay.getOrDefault(each.person().id(), Set.of()));
                  }
                });
        groups.add(
            new Group(
                members,
                members.size() > group.size(),
                members.size() == 1 && resolution.shared().containsAll(members)));
      }
    }
    return groups;
  }

  private void remember(Person person) {
    person.identifiers().keySet().forEach(identifier -> homes.put(identifier, person.id()));
    Identifier founder =
        person.identifiers().keySet().stream()
            .filter(identifier -> identifier.hash(store.workspace()).equals(person.id()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(person.id() + " has no founder"));
    known.put(person.id(), new Known(person, founder));
  }
}
