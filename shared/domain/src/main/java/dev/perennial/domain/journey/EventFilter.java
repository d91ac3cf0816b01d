package dev.perennial.domain.journey;

import dev.perennial.domain.value.Value.Fields;

/** A test of an event's properties. */
public interface EventFilter {
  EventFilter ALL = properties -> true;

  boolean passes(Fields properties);
}
