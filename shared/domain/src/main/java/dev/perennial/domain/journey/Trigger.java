package dev.perennial.domain.journey;

import dev.perennial.domain.Digest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Transition;

/** What may start or move journeys, on the queue {@code triggers}. */
public sealed interface Trigger {

  PersonId person();

  /** What tells a repeat of this trigger from news: 26 characters of {@code a-z2-7}. */
  String occurrence();

  /** An event that a live journey listens to. */
  record OfEvent(PersonId person, Event event) implements Trigger {

    /**
     * By owner identifier and message id, and not by person: a merge in between makes no news of a
     * repeat.
     */
    @Override
    public String occurrence() {
      return Digest.of(
          "event", event.owner().namespace().name(), event.owner().value(), event.messageId());
    }
  }

  /** A membership changed. */
  record OfTransition(Transition transition) implements Trigger {
    @Override
    public PersonId person() {
      return transition.person();
    }

    /** By person, segment and number of the transition. */
    @Override
    public String occurrence() {
      return Digest.of(
          "transition",
          transition.person().value(),
          transition.segment().value(),
          Long.toString(transition.number()));
    }
  }
}
