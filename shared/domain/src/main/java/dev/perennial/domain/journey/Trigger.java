package dev.perennial.domain.journey;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Transition;

/** What may start or move journeys, on the queue {@code triggers}. */
public sealed interface Trigger {

  PersonId person();

  /** An event that a live journey listens to. */
  record OfEvent(PersonId person, Event event) implements Trigger {}

  /** A membership changed. */
  record OfTransition(Transition transition) implements Trigger {
    @Override
    public PersonId person() {
      return transition.person();
    }
  }
}
