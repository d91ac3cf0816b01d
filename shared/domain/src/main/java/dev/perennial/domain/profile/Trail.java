package dev.perennial.domain.profile;

import dev.perennial.domain.identity.PersonId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where identifiers went that once pointed at somebody. Pointers are not rewritten when people meet
 * or part, so whoever follows one that is old finds the way here. Each trace leads to where an
 * identifier went later, so no way goes in circles.
 *
 * @param departed by hash of the identifier: the person whom it went to when it left
 * @param former people whom this one was part of, and where everybody else may be found who ever
 *     pointed here
 */
public record Trail(Map<PersonId, PersonId> departed, Set<PersonId> former) {

  public static final Trail NONE = new Trail(Map.of(), Set.of());

  public Trail {
    departed = Map.copyOf(departed);
    former = Set.copyOf(former);
  }

  /** Where to look for the identifier of that hash, the likeliest first. */
  List<PersonId> of(PersonId hash) {
    PersonId went = departed.get(hash);
    return went == null ? List.copyOf(former) : List.of(went);
  }

  /** This trail once those identifiers are elsewhere, and those others are here. */
  Trail after(Map<PersonId, PersonId> leaving, Set<PersonId> here) {
    Map<PersonId, PersonId> next = new HashMap<>(departed);
    next.putAll(leaving);
    next.keySet().removeAll(here);
    return new Trail(next, former);
  }

  /** This trail, of somebody who comes back after having been part of that person. */
  Trail backFrom(PersonId person) {
    Set<PersonId> next = new HashSet<>(former);
    next.add(person);
    return new Trail(departed, next);
  }

  /** Where to look for the identifier of that hash when all of this person went to another. */
  List<PersonId> of(PersonId hash, PersonId into) {
    PersonId went = departed.get(hash);
    if (went != null) {
      return List.of(went);
    }
    List<PersonId> ways = new ArrayList<>(List.of(into));
    ways.addAll(former);
    return ways;
  }
}
