package dev.perennial.domain.segment;

import dev.perennial.domain.Contended;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
  private final Consents consents;
  private final String workspace;
  private final LiveSegments segments;
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

  public EvaluateProfile(
      People people,
      History history,
      Timers timers,
      Members members,
      Publisher<Trigger> triggers,
      Consents consents,
      String workspace,
      LiveSegments segments,
      Pause pause) {
    this.people = people;
    this.history = history;
    this.timers = timers;
    this.members = members;
    this.triggers = triggers;
    this.consents = consents;
    this.workspace = workspace;
    this.segments = segments;
    this.pause = pause;
  }

  /**
   * Evaluates the people, each named once, and returns those who must be named again because others
   * kept writing them.
   *
   * @param clock asked for each person, and again for what others wrote meanwhile, which may be
   *     later; of no earlier instant than the latest timer that fired
   */
  public Set<PersonId> evaluate(Collection<Request> requests, InstantSource clock) {
    Instant fired =
        requests.stream()
            .flatMap(request -> request.fired().stream())
            .map(Due::minute)
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    InstantSource later =
        () -> {
          Instant now = clock.instant();
          return now.isBefore(fired) ? fired : now;
        };
    Map<PersonId, Person> found =
        people.find(requests.stream().map(Request::person).toList(), Freshness.CURRENT);
    Map<Person, Look> looks = new LinkedHashMap<>();
    Map<PersonId, PersonId> asked = new HashMap<>();
    for (Request request : requests) {
      Person person = found.get(request.person());
      if (person == null) {
        // Whoever speaks of an address knows the hash of an identifier only.
        person = people.find(request.person()).orElse(null);
      }
      if (person != null) {
        looks.putIfAbsent(person, new Look.Everything(request.cause()));
        asked.put(request.person(), person.id());
      }
    }
    // After the people were read: whoever reads an event's effect after a backfill passed then
    // reads definitions of after it began.
    Set<PersonId> kept = evaluate(looks, segments.current(), later);
    Set<PersonId> contended = new HashSet<>();
    for (Request request : requests) {
      PersonId id = asked.get(request.person());
      if (id != null && kept.contains(id)) {
        contended.add(request.person());
      } else {
        request.fired().forEach(timers::delete);
      }
    }
    return contended;
  }

  /**
   * Puts the people into a segment without a condition, or takes them out.
   *
   * @throws Contended when others kept writing one of them
   * @throws IllegalStateException when the segment was deleted meanwhile
   */
  public void put(Collection<Person> listed, SegmentId segment, Listed said, InstantSource clock) {
    Segments live = segments.latest();
    if (!live.has(segment)) {
      throw new IllegalStateException("there is no segment " + segment);
    }
    all(listed, new Look.Import(segment, said), live, clock);
  }

  /**
   * Evaluates the people by one segment, which is new, edited or gone, and by those that refer to
   * it.
   *
   * @throws Contended when others kept writing one of them
   */
  public void backfill(Collection<Person> met, SegmentId segment, InstantSource clock) {
    all(met, new Look.Backfill(segment), segments.latest(), clock);
  }

  /** As {@link #backfill(Collection, SegmentId, InstantSource)}; nothing when they are no more. */
  public void backfill(PersonId person, SegmentId segment, InstantSource clock) {
    backfill(people.find(person).stream().toList(), segment, clock);
  }

  private void all(Collection<Person> met, Look look, Segments live, InstantSource clock) {
    Map<Person, Look> looks = new LinkedHashMap<>();
    met.forEach(person -> looks.put(person, look));
    if (!evaluate(looks, live, clock).isEmpty()) {
      throw new Contended("people who are evaluated");
    }
  }

  /** Those whom others kept writing. */
  private Set<PersonId> evaluate(Map<Person, Look> looks, Segments live, InstantSource clock) {
    Set<PersonId> contended = new HashSet<>();
    Map<Person, Look> untold = settle(looks, live, contended, clock);
    if (!untold.isEmpty()) {
      // A backfill that passed before they were saved knew more than we did.
      Segments latest = segments.latest();
      if (!latest.isSame(live)) {
        untold = settle(untold, latest, contended, clock);
      }
    }
    tell(untold.keySet());
    return contended;
  }

  /** The people with something to tell. */
  private Map<Person, Look> settle(
      Map<Person, Look> looks, Segments live, Set<PersonId> contended, InstantSource clock) {
    Map<Person, Look> untold = new LinkedHashMap<>();
    looks.forEach(
        (person, look) ->
            settle(person, look, live, clock)
                .ifPresentOrElse(
                    settled -> {
                      if (!settled.outbox().isEmpty()) {
                        untold.put(settled, look);
                      }
                    },
                    () -> contended.add(person.id())));
    return untold;
  }

  /** The person as stored after evaluation; empty when others kept writing. */
  private Optional<Person> settle(Person found, Look look, Segments live, InstantSource clock) {
    Optional<Person> current = Optional.of(found);
    for (int attempt = 1; current.isPresent(); attempt++) {
      Person person = current.get();
      boolean counts = person.counts(live.counters());
      Standing standing =
          Standing.of(
              counts ? person : person.counting(live.counters(), history),
              live.readConsent() ? Allowed.of(person, workspace, consents) : Allowed.NOTHING,
              live,
              look,
              clock.instant());
      if (!standing.changed() && (counts || !(look instanceof Look.Everything))) {
        return current;
      }
      if (standing.timer() != null) {
        timers.register(standing.timer());
      }
      // Whoever is erased leaves the index by the memberships that are left in the person.
      standing.forgotten().forEach((gone, last) -> members.forget(found.id(), gone, last.number()));
      if (people.save(Change.of(standing.person())) instanceof Saving.Saved) {
        return Optional.of(standing.person().withVersion(person.version() + 1));
      }
      if (attempt == ATTEMPTS) {
        break;
      }
      pause.after(attempt);
      current = people.find(found.id());
    }
    return Optional.empty();
  }

  private void tell(Collection<Person> untold) {
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
