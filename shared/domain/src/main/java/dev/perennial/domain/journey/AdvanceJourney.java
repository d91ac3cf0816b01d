package dev.perennial.domain.journey;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Journeys.Launched;
import dev.perennial.domain.journey.Journeys.Standing;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Moves people through journeys, when a trigger comes or a wait is over. Everything may be told
 * twice, late or out of order: an occurrence enrolls once, a repeat only publishes what a crash
 * left unpublished.
 *
 * <p>The order of writes is what makes that true: first the timer that the new state needs, then
 * the state together with the messages it commits to, then their publication, and only then is the
 * outbox trimmed and the old timer deleted.
 */
public final class AdvanceJourney {

  /** How long a paused journey keeps those whose wait is over before it looks again. */
  public static final Duration HOLD = Duration.ofMinutes(10);

  /**
   * How long a timer may be ahead of the enrollment that it is for: longer than any function runs.
   */
  private static final Duration AHEAD = Duration.ofMinutes(15);

  private static final int TRIES = 5;

  private final String workspace;
  private final People people;
  private final Journeys journeys;
  private final Enrollments enrollments;
  private final Timers timers;
  private final Publisher<SendRequest> messages;

  public AdvanceJourney(
      String workspace,
      People people,
      Journeys journeys,
      Enrollments enrollments,
      Timers timers,
      Publisher<SendRequest> messages) {
    this.workspace = workspace;
    this.people = people;
    this.journeys = journeys;
    this.enrollments = enrollments;
    this.timers = timers;
    this.messages = messages;
  }

  /** Enrolls the person in every live journey that the trigger starts. */
  public void advance(Trigger trigger, Instant now) {
    List<Launched> listening =
        journeys.launched().stream()
            .filter(launched -> launched.journey().listensTo(trigger))
            .toList();
    if (listening.isEmpty()) {
      return;
    }
    Set<String> begun = new HashSet<>();
    for (Enrollment known : enrollments.begunBy(trigger.person(), trigger.occurrence())) {
      publish(known);
      begun.add(known.journey());
    }
    List<Journey> starting =
        listening.stream()
            .filter(launched -> launched.standing() == Standing.LIVE)
            .map(Launched::journey)
            .filter(journey -> !begun.contains(journey.id()) && journey.startsOn(trigger, now))
            .toList();
    if (!starting.isEmpty()) {
      // Whoever was erased meanwhile starts nothing any more.
      people
          .find(trigger.person())
          .ifPresent(
              person -> {
                Set<PersonId> others = others(trigger.person(), person);
                starting.forEach(
                    journey -> enroll(Enrollment.begin(journey, trigger, person, now), others));
              });
    }
  }

  /** Moves the enrollment whose timer fired, if its wait is over, and deletes the timer. */
  public void advance(Due timer, Instant now) {
    EnrollmentKey key = EnrollmentKey.parse(timer.key());
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Enrollment> found =
          enrollments.find(timer.person(), key.journey(), key.occurrence());
      if (found.isEmpty()) {
        if (timer.minute().isBefore(now.minus(AHEAD))) {
          timers.delete(timer);
        }
        return;
      }
      if (settle(found.get(), timer, now)) {
        return;
      }
    }
    throw new IllegalStateException("an enrollment kept changing under " + timer);
  }

  /** Under which other ids a merge may have left enrollments of the person. */
  private Set<PersonId> others(PersonId id, Person person) {
    Set<PersonId> others = new HashSet<>(person.ids(workspace));
    others.remove(id);
    return others;
  }

  private void enroll(Enrollment enrollment, Set<PersonId> others) {
    if (!enrollments.admits(enrollment, others)) {
      return;
    }
    register(enrollment);
    switch (enrollments.create(enrollment)) {
      case CREATED -> publish(enrollment.stored());
      case REPEATED ->
          enrollments
              .find(enrollment.person(), enrollment.journey(), enrollment.occurrence())
              .ifPresent(this::publish);
      case REFUSED -> {}
    }
  }

  /** Whether that was all; false when the enrollment changed meanwhile. */
  private boolean settle(Enrollment enrollment, Due timer, Instant now) {
    Instant due = enrollment.due();
    if (due == null || !Due.wholeMinute(due).equals(timer.minute())) {
      // The timer of a state that was never reached or is over. A crash after that state's write
      // left it, and perhaps more.
      publish(enrollment);
      timers.delete(timer);
      return true;
    }
    if (now.isBefore(due)) {
      return true;
    }
    Enrollment next = next(enrollment, now);
    register(next);
    if (!enrollments.save(next)) {
      return false;
    }
    publish(next.stored());
    timers.delete(timer);
    return true;
  }

  private Enrollment next(Enrollment enrollment, Instant now) {
    Optional<Launched> pinned = journeys.find(enrollment.journey(), enrollment.version());
    if (pinned.isEmpty()) {
      return enrollment.exit();
    }
    return switch (pinned.get().standing()) {
      case LIVE -> enrollment.advance(pinned.get().journey(), now);
      case PAUSED -> enrollment.hold(now.plus(HOLD));
      case STOPPED -> enrollment.exit();
    };
  }

  private void register(Enrollment enrollment) {
    Instant due = enrollment.due();
    if (due != null) {
      timers.register(
          Due.ofEnrollment(enrollment.person(), EnrollmentKey.of(enrollment).text(), due));
    }
  }

  private void publish(Enrollment enrollment) {
    if (!enrollment.outbox().isEmpty()) {
      messages.publish(enrollment.outbox());
      // When somebody else wrote first, what they wrote still has the outbox, and they publish it
      // again.
      enrollments.save(enrollment.published());
    }
  }

  /** What a timer says of the enrollment it is for. */
  private record EnrollmentKey(String journey, String occurrence) {

    static EnrollmentKey of(Enrollment enrollment) {
      return new EnrollmentKey(enrollment.journey(), enrollment.occurrence());
    }

    /** An occurrence has no slash. */
    static EnrollmentKey parse(String text) {
      int slash = text.lastIndexOf('/');
      return new EnrollmentKey(text.substring(0, slash), text.substring(slash + 1));
    }

    String text() {
      return journey + "/" + occurrence;
    }
  }
}
