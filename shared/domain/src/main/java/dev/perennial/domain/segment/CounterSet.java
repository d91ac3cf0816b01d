package dev.perennial.domain.segment;

import dev.perennial.domain.event.Event;
import java.util.Map;

/** The counters that live definitions need; every recorded event passes through it once. */
public interface CounterSet {

  /** No counters. */
  CounterSet NONE = (counters, event) -> counters;

  /** The counters after the event: a new map when it counts, the same map when not. */
  Map<CounterId, Series> count(Map<CounterId, Series> counters, Event event);
}
