package dev.perennial.domain.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides from the evidence who is one person.
 *
 * <p>Links are taken in their {@linkplain Link#compareTo order}, and each unites what its two ends
 * belong to, unless both own a user id: Kruskal's minimum spanning forest in which all user ids are
 * one node. So the answer depends on the set of links only, never on the order in which they became
 * known, and one more link changes at most two people. Then the merges that were asked for unite
 * people, whoever they are.
 *
 * <p>Links that were withdrawn do not count, nor do those of a <em>shared</em> identifier: one that
 * was seen with more user ids than a person has, such as the device in a shop ({@link #shared}).
 *
 * <p>The evidence may be that of some people only. A link from one of them to somebody else was
 * refused when the two met, because both own a user id; so somebody without one, whom less evidence
 * now leaves alone, goes to where the first such link leads. Who that is must be loaded to know:
 * such links are {@linkplain Resolution#outward outward}.
 */
public final class ResolveLinks {

  /** An identifier seen with more user ids is shared, unless the team says otherwise. */
  public static final int MOST_USER_IDS = 10;

  /** What became of a link. */
  public enum Outcome {
    /** Both identifiers are one person's. */
    JOINED,
    /** It would have made one person of two who each own a user id. */
    REFUSED_TWO_USER_IDS,
    /** One of its ends is shared. */
    REFUSED_SHARED,
    /** Somebody said that it shall not count. */
    WITHDRAWN
  }

  /**
   * Who is one person, and why.
   *
   * @param people the identifiers of each person, in their order; the people in the order of their
   *     least identifiers
   * @param outcomes of all links
   * @param shared identifiers
   * @param outward links by which somebody belongs to a person who is not in the evidence
   */
  public record Resolution(
      List<List<Identifier>> people,
      Map<Link, Outcome> outcomes,
      Set<Identifier> shared,
      Set<Link> outward) {
    public Resolution {
      people = people.stream().map(List::copyOf).toList();
      outcomes = Map.copyOf(outcomes);
      shared = Set.copyOf(shared);
      outward = Set.copyOf(outward);
    }
  }

  private final Evidence evidence;
  private final Set<Identifier> shared;
  private final Map<Identifier, Identifier> parents = new HashMap<>();

  /** Roots of those who own a user id, or belong to somebody elsewhere who does. */
  private final Set<Identifier> known = new HashSet<>();

  private final Map<Link, Outcome> outcomes = new HashMap<>();
  private final Set<Link> outward = new HashSet<>();

  private ResolveLinks(Evidence evidence, int mostUserIds) {
    this.evidence = evidence;
    this.shared = shared(evidence, mostUserIds);
    for (Identifier identifier : evidence.identifiers().keySet()) {
      parents.put(identifier, identifier);
      if (identifier.isUserId()) {
        known.add(identifier);
      }
    }
  }

  /**
   * Resolves the links.
   *
   * @param mostUserIds an identifier seen with more is shared
   */
  public static Resolution resolve(Evidence evidence, int mostUserIds) {
    return new ResolveLinks(evidence, mostUserIds).resolve();
  }

  /**
   * The identifiers that were seen with more user ids than that, as far as the evidence says. Of an
   * address that a server named with a user id only what servers say counts: whoever has a write
   * key and knows the address cannot take it away from its owner.
   */
  public static Set<Identifier> shared(Evidence evidence, int mostUserIds) {
    Map<Identifier, Set<Identifier>> userIds = new HashMap<>();
    Map<Identifier, Set<Identifier>> byServers = new HashMap<>();
    for (Link link : evidence.links()) {
      if (link.kind() != Link.Kind.MERGE
          && link.a().isUserId() != link.b().isUserId()
          && evidence.counts(link)) {
        Identifier userId = link.a().isUserId() ? link.a() : link.b();
        Identifier other = link.other(userId);
        userIds.computeIfAbsent(other, _ -> new HashSet<>()).add(userId);
        if (other.isAddress() && link.strength() != Link.Strength.CLIENT) {
          byServers.computeIfAbsent(other, _ -> new HashSet<>()).add(userId);
        }
      }
    }
    userIds.putAll(byServers);
    userIds.values().removeIf(seen -> seen.size() <= mostUserIds);
    return userIds.keySet();
  }

  private Resolution resolve() {
    List<Link> merges = new ArrayList<>();
    for (Link link : new TreeSet<>(evidence.links())) {
      if (!evidence.counts(link)) {
        outcomes.put(link, Outcome.WITHDRAWN);
      } else if (shared.contains(link.a()) || shared.contains(link.b())) {
        outcomes.put(link, Outcome.REFUSED_SHARED);
      } else if (link.kind() == Link.Kind.MERGE) {
        merges.add(link);
      } else {
        outcomes.put(link, take(link));
      }
    }
    for (Link merge : merges) {
      outcomes.put(merge, Outcome.JOINED);
      if (isHere(merge)) {
        unite(root(merge.a()), root(merge.b()));
      } else {
        outward.add(merge);
      }
    }
    return new Resolution(people(), outcomes, shared, outward);
  }

  private Outcome take(Link link) {
    if (!isHere(link)) {
      Identifier here = root(parents.containsKey(link.a()) ? link.a() : link.b());
      if (!known.add(here)) {
        return Outcome.REFUSED_TWO_USER_IDS;
      }
      outward.add(link);
      return Outcome.JOINED;
    }
    Identifier a = root(link.a());
    Identifier b = root(link.b());
    if (!a.equals(b)) {
      if (known.contains(a) && known.contains(b)) {
        return Outcome.REFUSED_TWO_USER_IDS;
      }
      unite(a, b);
    }
    return Outcome.JOINED;
  }

  private boolean isHere(Link link) {
    return parents.containsKey(link.a()) && parents.containsKey(link.b());
  }

  private void unite(Identifier root, Identifier other) {
    parents.put(other, root);
    if (known.contains(other)) {
      known.add(root);
    }
  }

  private Identifier root(Identifier identifier) {
    Identifier at = identifier;
    for (Identifier up = parents.get(at); up != null && !up.equals(at); up = parents.get(at)) {
      parents.put(at, parents.getOrDefault(up, up));
      at = up;
    }
    return at;
  }

  private List<List<Identifier>> people() {
    Map<Identifier, List<Identifier>> people = new HashMap<>();
    TreeMap<Identifier, List<Identifier>> byLeast = new TreeMap<>();
    for (Identifier identifier : new TreeSet<>(parents.keySet())) {
      people
          .computeIfAbsent(
              root(identifier), _ -> byLeast.computeIfAbsent(identifier, _ -> new ArrayList<>()))
          .add(identifier);
    }
    return List.copyOf(byLeast.values());
  }
}
