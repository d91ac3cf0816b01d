package dev.perennial.domain.segment;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which tracked events are meant.
 *
 * @param name of the event
 * @param where demands on its properties by dotted path, all of which must be met; sorted
 */
public record EventFilter(String name, Map<String, Comparisons> where) {
  public EventFilter {
    where = Collections.unmodifiableMap(new TreeMap<>(where));
  }

  /** Every tracked event of that name. */
  public static EventFilter named(String name) {
    return new EventFilter(name, Map.of());
  }

  /** Whether the event is one of those. */
  public boolean matches(Event event) {
    if (event.type() != EventType.TRACK || !name.equals(event.name())) {
      return false;
    }
    for (Map.Entry<String, Comparisons> demand : where.entrySet()) {
      if (!demand.getValue().meets(event.properties().at(demand.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
