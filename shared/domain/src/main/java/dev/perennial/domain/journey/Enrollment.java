package dev.perennial.domain.journey;

import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Journey.Reentry;
import dev.perennial.domain.journey.Journey.Step;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One person's way through one journey.
 *
 * @param person as the trigger named them
 * @param version of the journey that the person goes through, whatever is launched meanwhile
 * @param occurrence of the trigger
 * @param reentry rule of the journey when it began
 * @param enteredAt when the journey began for them
 * @param revision of the stored item, counting up from 1 with each write; 0 when not stored yet
 * @param position index of the step at which the person waits; the number of steps when there is
 *     none left
 * @param due when the wait is over; null unless waiting
 * @param event that was the trigger, for rendering; null when a transition was
 * @param key name of the write key whose events led there; null when none did
 * @param outbox sends committed here and perhaps not yet published, oldest first, each with the
 *     {@code event}
 */
public record Enrollment(
    PersonId person,
    String journey,
    int version,
    String occurrence,
    Reentry reentry,
    Instant enteredAt,
    long revision,
    int position,
    Status status,
    @Nullable Instant due,
    @Nullable Event event,
    @Nullable String key,
    List<SendRequest> outbox) {

  /** So long after an event of theirs somebody enters or leaves a segment because of it. */
  private static final Duration RECENT = Duration.ofHours(24);

  /** Where a person is. */
  public enum Status {
    WAITING,
    /** All steps done. */
    FINISHED,
    /** Taken out before the end. */
    EXITED
  }

  public Enrollment {
    outbox = List.copyOf(outbox);
  }

  /**
   * The enrollment that this trigger begins, as far as it goes without waiting.
   *
   * @param person whom the trigger is about, as they are now
   */
  public static Enrollment begin(Journey journey, Trigger trigger, Person person, Instant now) {
    Event event =
        switch (trigger) {
          case Trigger.OfEvent(var _, Event cause) -> cause;
          case Trigger.OfTransition _ -> null;
        };
    String key = event == null ? person.heardBy(now.minus(RECENT)) : event.key();
    return new Enrollment(
            trigger.person(),
            journey.id(),
            journey.version(),
            trigger.occurrence(),
            journey.reentry(),
            now,
            0,
            0,
            Status.WAITING,
            null,
            event,
            key,
            List.of())
        .walk(journey, 0, now);
  }

  /**
   * This enrollment once its wait is over, as far as it then goes; itself when it does not wait or
   * not until now.
   */
  public Enrollment advance(Journey journey, Instant now) {
    return due == null || now.isBefore(due) ? this : walk(journey, position + 1, now);
  }

  /** This enrollment with its wait prolonged; itself when it does not wait. */
  public Enrollment hold(Instant until) {
    return due == null ? this : at(position, Status.WAITING, until, outbox);
  }

  /**
   * This enrollment taken out now; itself when it was over. What it already committed to send, it
   * sends.
   */
  public Enrollment exit() {
    return due == null ? this : at(position, Status.EXITED, null, outbox);
  }

  /** This enrollment once its outbox was published. */
  public Enrollment published() {
    return at(position, status, due, List.of());
  }

  /** This enrollment as the store has it after one more write. */
  public Enrollment stored() {
    return new Enrollment(
        person,
        journey,
        version,
        occurrence,
        reentry,
        enteredAt,
        revision + 1,
        position,
        status,
        due,
        event,
        key,
        outbox);
  }

  private Enrollment walk(Journey pinned, int from, Instant now) {
    List<SendRequest> sends = new ArrayList<>(outbox);
    for (int at = from; at < pinned.steps().size(); at++) {
      switch (pinned.steps().get(at)) {
        case Step.Send send ->
            sends.add(
                new SendRequest(
                    person,
                    pinned.definition(),
                    send.id(),
                    occurrence,
                    // Who goes through once in a life gets it once, whatever profile they have by
                    // then.
                    reentry == Reentry.ONCE ? "once" : occurrence,
                    send.content(),
                    send.channels(),
                    pinned.topic(),
                    event,
                    Fields.EMPTY,
                    now,
                    send.expiresAfter() == null ? null : now.plus(send.expiresAfter()),
                    send.atLeastOnce(),
                    key));
        case Step.Wait wait -> {
          return at(at, Status.WAITING, now.plus(wait.duration()), sends);
        }
      }
    }
    return at(pinned.steps().size(), Status.FINISHED, null, sends);
  }

  private Enrollment at(
      int next, Status then, @Nullable Instant until, List<SendRequest> committed) {
    return new Enrollment(
        person,
        journey,
        version,
        occurrence,
        reentry,
        enteredAt,
        revision,
        next,
        then,
        until,
        event,
        key,
        committed);
  }
}
