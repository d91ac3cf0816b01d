package dev.perennial.domain.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides from the evidence who is one person. Links are taken in their {@linkplain Link#compareTo
 * order} and each unites the people at its two ends, unless both own a user id and nobody asked for
 * it explicitly: Kruskal's minimum spanning forest in which all user ids are one node. So the
 * answer depends on the set of links only, never on the order in which they became known, and one
 * more link that is not explicit changes at most two people.
 *
 * <p>Whoever changes which links count (shared identifiers, withdrawn links) does so before this:
 * here every link counts.
 */
public final class ResolveLinks {

  /** What became of a link. */
  public enum Outcome {
    /** Both identifiers are one person's. */
    JOINED,
    /** It would have made one person of two who each own a user id. */
    REFUSED_TWO_USER_IDS
  }

  /**
   * Who is one person, and why.
   *
   * @param people the identifiers of each person, in their order; the people in the order of their
   *     least identifiers
   * @param outcomes of all links
   */
  public record Resolution(List<List<Identifier>> people, Map<Link, Outcome> outcomes) {
    public Resolution {
      people = people.stream().map(List::copyOf).toList();
      outcomes = Map.copyOf(outcomes);
    }
  }

  private final Map<Identifier, Identifier> parents = new HashMap<>();
  private final Map<Identifier, Boolean> known = new HashMap<>();

  private ResolveLinks(Collection<Identifier> identifiers) {
    for (Identifier identifier : identifiers) {
      parents.put(identifier, identifier);
      known.put(identifier, identifier.namespace().equals(Namespace.USER_ID));
    }
  }

  /**
   * Resolves the links between these identifiers. A link to any other identifier was refused when
   * the two people met, and still is: only evidence about both of them can change that.
   */
  public static Resolution resolve(Collection<Identifier> identifiers, Collection<Link> links) {
    ResolveLinks forest = new ResolveLinks(identifiers);
    Map<Link, Outcome> outcomes = new HashMap<>();
    for (Link link : new TreeSet<>(links)) {
      outcomes.put(link, forest.take(link));
    }
    return new Resolution(forest.people(), outcomes);
  }

  private Outcome take(Link link) {
    if (!parents.containsKey(link.a()) || !parents.containsKey(link.b())) {
      return Outcome.REFUSED_TWO_USER_IDS;
    }
    Identifier a = root(link.a());
    Identifier b = root(link.b());
    if (a.equals(b)) {
      return Outcome.JOINED;
    }
    boolean twoUserIds = known.getOrDefault(a, false) && known.getOrDefault(b, false);
    if (twoUserIds && link.strength() != Link.Strength.EXPLICIT) {
      return Outcome.REFUSED_TWO_USER_IDS;
    }
    parents.put(b, a);
    known.merge(a, known.getOrDefault(b, false), Boolean::logicalOr);
    return Outcome.JOINED;
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
