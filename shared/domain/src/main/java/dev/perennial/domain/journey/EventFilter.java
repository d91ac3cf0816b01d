package dev.perennial.domain.journey;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;

/** Which tracked events are meant. */
public record EventFilter(String name) {

  /** Every tracked event of that name. */
  public static EventFilter named(String name) {
    return new EventFilter(name);
  }

  /** Whether the event is one of those. */
  public boolean matches(Event event) {
    return event.type() == EventType.TRACK && name.equals(event.name());
  }
}
