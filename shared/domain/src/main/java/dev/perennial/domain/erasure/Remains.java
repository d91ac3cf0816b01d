package dev.perennial.domain.erasure;

import dev.perennial.domain.delivery.Devices;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stays of a person who is being erased: enough to find what is stored about them elsewhere,
 * and nothing that they or anybody said of them.
 *
 * @param erasure its id
 * @param identifiers the hash of each identifier; the person's own id is among them
 * @param devices the {@linkplain dev.perennial.domain.delivery.Address#key keys} of the devices
 *     that their facets name
 * @param neighbours the hash of each identifier of somebody else that a refused link named
 * @param exits the latest transition of every segment that the person ever entered, none of which
 *     leaves them a member; and those not yet told of people whom they absorbed
 * @param nextDue when their registered timer fires; null when none is
 */
public record Remains(
    String erasure,
    PersonId person,
    Set<PersonId> identifiers,
    Set<PersonId> devices,
    Set<PersonId> neighbours,
    List<Transition> exits,
    @Nullable Instant nextDue) {

  public Remains {
    identifiers = Set.copyOf(identifiers);
    devices = Set.copyOf(devices);
    neighbours = Set.copyOf(neighbours);
    exits = List.copyOf(exits);
  }

  static Remains of(Person person, String erasure, String workspace, Instant now) {
    Set<PersonId> identifiers = person.ids(workspace);
    Set<PersonId> neighbours = new TreeSet<>();
    for (Link link : person.links()) {
      for (Identifier end : List.of(link.a(), link.b())) {
        if (!person.identifiers().containsKey(end)) {
          neighbours.add(end.hash(workspace));
        }
      }
    }
    return new Remains(
        erasure,
        person.id(),
        identifiers,
        Devices.of(person, workspace),
        neighbours,
        exits(person, now),
        person.nextDue());
  }

  private static List<Transition> exits(Person person, Instant now) {
    List<Transition> exits = new ArrayList<>();
    for (Transition untold : person.outbox()) {
      if (!untold.person().equals(person.id())) {
        exits.add(untold);
      }
    }
    for (Map.Entry<SegmentId, Membership> known : person.memberships().entrySet()) {
      Membership membership = known.getValue();
      exits.add(
          membership.member()
              ? new Transition(
                  person.id(), known.getKey(), membership.number() + 1, now, Cause.EDIT)
              : new Transition(
                  person.id(),
                  known.getKey(),
                  membership.number(),
                  membership.since(),
                  Cause.EDIT));
    }
    return exits;
  }
}
