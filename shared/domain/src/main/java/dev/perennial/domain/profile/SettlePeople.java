package dev.perennial.domain.profile;

import dev.perennial.domain.Pause;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stores what a change of evidence makes of people: in one transaction where it fits, else in a
 * series of them that whoever touches the people next continues.
 */
final class SettlePeople {

  /** Longer than a save takes: a timer that fires before it finds nothing to do and is gone. */
  private static final Duration SOON = Duration.ofMinutes(2);

  private final People people;
  private final Timers timers;
  private final int mostUserIds;
  private final Pause pause;

  SettlePeople(People people, Timers timers, int mostUserIds, Pause pause) {
    this.people = people;
    this.timers = timers;
    this.mostUserIds = mostUserIds;
    this.pause = pause;
  }

  /**
   * The change, or the first of the series, that makes people what the evidence says.
   *
   * @param since of whoever is {@linkplain Reshaping reshaped}
   */
  Change change(
      Collection<Person> before,
      Evidence evidence,
      Map<Identifier, Facet> facets,
      Instant since,
      Instant now) {
    return new Regroup(people, mostUserIds, before, evidence, facets, since, now).change();
  }

  /**
   * Saves the change; false when somebody else wrote first. People who came together or parted and
   * have none of the named identifiers may be known to nobody after a crash: a timer names them.
   */
  boolean save(Change change, Set<Identifier> named, Instant now) {
    for (Person person : change.people()) {
      if (person.reshaped() != null && Collections.disjoint(person.identifiers().keySet(), named)) {
        timers.register(Due.ofPerson(person.id(), now.plus(SOON)));
      }
    }
    return people.save(change) instanceof Saving.Saved;
  }

  /**
   * Lets those part who did not fit a change that was saved.
   *
   * @param saved gets each further change
   * @return false when others kept writing the same people
   */
  boolean settle(Change change, Instant now, Consumer<Change> saved) {
    Set<PersonId> unsettled = unsettled(change);
    for (int attempt = 1; !unsettled.isEmpty(); ) {
      Set<PersonId> left = new HashSet<>();
      for (Person person : people.find(unsettled, Freshness.CURRENT).values()) {
        if (!person.unsettled()) {
          continue;
        }
        Change next = change(List.of(person), person.evidence(), person.facets(), now, now);
        if (save(next, Set.of(), now)) {
          saved.accept(next);
          left.addAll(unsettled(next));
        } else if (attempt++ < Pause.TRIES) {
          pause.after(attempt);
          left.add(person.id());
        } else {
          return false;
        }
      }
      unsettled = left;
    }
    return true;
  }

  private static Set<PersonId> unsettled(Change change) {
    Set<PersonId> unsettled = new HashSet<>();
    for (Person person : change.people()) {
      if (person.unsettled()) {
        unsettled.add(person.id());
      }
    }
    return unsettled;
  }
}
