package dev.perennial.domain.segment;

import dev.perennial.domain.event.Event;
import java.util.Map;
import java.util.Set;

/** The counters that live definitions need; every recorded event passes through it once. */
public interface CounterSet {

  /** The same for the same counters, in every process. */
  String id();

  /** Whether the set of that id is known to have all counters of this one: itself, or a larger. */
  default boolean isWithin(String other) {
    return other.equals(id());
  }

  /** Whatever {@link #count} may count. */
  Set<CounterId> counters();

  /** The counters after the event: a new map when it counts, the same map when not. */
  Map<CounterId, Series> count(Map<CounterId, Series> counters, Event event);
}
