package dev.perennial.domain.segment;

import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds out which memberships changed, and tells. Who is asked about may be named twice, late or
 * for nothing: then nothing is written, but what a crash left untold is told.
 *
 * <p>The order of writes is what makes that true: first the timer that the new state needs, then
 * the person with the transitions in the outbox, then index and publication, then the emptied
 * outbox, and only then are the timers that fired deleted. A crash in between leaves a message that
 * comes again, or a timer that fires for nothing.
 */
public final class EvaluateProfile {

  /** Tries at a contended write before the message is left to come again. */
  static final int ATTEMPTS = 5;

  private final People people;
  private final History history;
  private final Timers timers;
  private final Members members;
  private final Publisher<Trigger> triggers;
  private final Supplier<Segments> segments;
  private final Pause pause;

  /**
   * One person to look at.
   *
   * @param cause to give for what changed, unless the person's identifiers came or went
   * @param fired timers to delete once that is done
   */
  public record Request(PersonId person, Cause cause, List<Due> fired) {
    public Request {
      fired = List.copyOf(fired);
    }

    /** Both requests about one person in one. Of the two causes, one that starts journeys. */
    public Request and(Request other) {
      List<Due> both = new ArrayList<>(fired);
      both.addAll(other.fired);
      return new Request(person, cause.compareTo(other.cause) <= 0 ? cause : other.cause, both);
    }
  }

  /**
   * @param segments the live ones, at most a moment old
   */
  public EvaluateProfile(
      People people,
      History history,
      Timers timers,
      Members members,
      Publisher<Trigger> triggers,
      Supplier<Segments> segments,
      Pause pause) {
    this.people = people;
    this.history = history;
    this.timers = timers;
    this.members = members;
    this.triggers = triggers;
    this.segments = segments;
    this.pause = pause;
  }

  /**
   * Evaluates the people, each named once, and returns those who must be named again because others
   * kept writing them.
   */
  public Set<PersonId> evaluate(Collection<Request> requests, Instant now) {
    Segments live = segments.get();
    Map<PersonId, Person> found =
        people.find(requests.stream().map(Request::person).toList(), Freshness.CURRENT);
    Set<PersonId> contended = new HashSet<>();
    List<Person> untold = new ArrayList<>();
    for (Request request : requests) {
      Person person = found.get(request.person());
      if (person != null) {
        settle(request, person, live, now)
            .ifPresentOrElse(
                settled -> {
                  if (!settled.outbox().isEmpty()) {
                    untold.add(settled);
                  }
                },
                () -> contended.add(request.person()));
      }
    }
    tell(untold);
    for (Request request : requests) {
      if (!contended.contains(request.person())) {
        request.fired().forEach(timers::delete);
      }
    }
    return contended;
  }

  /** The person as stored after evaluation; empty when others kept writing. */
  private Optional<Person> settle(Request request, Person found, Segments live, Instant now) {
    Optional<Person> current = Optional.of(found);
    for (int attempt = 1; current.isPresent(); attempt++) {
      Person person = current.get();
      boolean counts = person.counts(live.counters());
      Standing standing =
          Standing.of(
              counts ? person : person.counting(live.counters(), history),
              live,
              request.cause(),
              now);
      if (counts && !standing.changed()) {
        return current;
      }
      if (standing.timer() != null) {
        timers.register(standing.timer());
      }
      if (people.save(Change.of(standing.person())) instanceof Saving.Saved) {
        return Optional.of(standing.person().withVersion(person.version() + 1));
      }
      if (attempt == ATTEMPTS) {
        break;
      }
      pause.after(attempt);
      current = people.find(request.person());
    }
    return Optional.empty();
  }

  private void tell(List<Person> untold) {
    if (untold.isEmpty()) {
      return;
    }
    List<Transition> transitions =
        untold.stream().flatMap(person -> person.outbox().stream()).toList();
    members.apply(transitions);
    triggers.publish(transitions.stream().map(Trigger.OfTransition::new).toList());
    // When somebody else wrote first, the outbox stays with what they wrote, and the evaluation
    // that follows tells it again.
    untold.forEach(person -> people.save(Change.of(Standing.told(person))));
  }
}
