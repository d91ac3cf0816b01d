package dev.perennial.stores;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Histories of households whose members share devices and addresses, so that people meet, are told
 * apart, and meet in another way when evidence comes late.
 */
final class SharedDevices {

  private static final List<Namespace> NAMESPACES =
      List.of(
          Namespace.USER_ID,
          Namespace.EMAIL,
          Namespace.DEVICE_ID,
          Namespace.ANONYMOUS_ID,
          Namespace.ANONYMOUS_ID);

  private SharedDevices() {}

  /** The events of so many households, in no order of time. */
  static List<Event> events(Random random, int households, int eventsEach) {
    List<Event> events = new ArrayList<>();
    for (int n = 0; n < households * eventsEach; n++) {
      int household = n % households;
      TreeSet<Identifier> identifiers = new TreeSet<>();
      int wanted = 1 + random.nextInt(3);
      while (identifiers.size() < wanted) {
        identifiers.add(
            new Identifier(
                NAMESPACES.get(random.nextInt(NAMESPACES.size())),
                household + "-" + random.nextInt(4)));
      }
      events.add(
          new Event(
              identifiers.first(),
              List.copyOf(identifiers),
              "m" + n,
              random.nextInt(8) == 0 ? EventType.ALIAS : EventType.TRACK,
              Recording.NAMES.get(random.nextInt(2)),
              Recording.NOW.minusSeconds(1 + random.nextInt(3600)),
              Recording.NOW,
              random.nextInt(3) == 0 ? Trust.SERVER : Trust.CLIENT,
              Fields.EMPTY,
              new Fields(Map.of("t" + random.nextInt(2), Value.Num.of(random.nextInt(100)))),
              Fields.EMPTY));
    }
    return events;
  }

  /** As a queue may deliver them: 30 of 100 twice, 10 of 100 up to 20 places late. */
  static List<Event> delivered(Random random, List<Event> events) {
    List<Event> delivered = new ArrayList<>(events);
    for (Event event : events) {
      if (random.nextInt(100) < 30) {
        delivered.add(random.nextInt(delivered.size() + 1), event);
      }
    }
    for (int i = 0; i < delivered.size(); i++) {
      if (random.nextInt(100) < 10) {
        Event late = delivered.remove(i);
        delivered.add(Math.min(delivered.size(), i + 1 + random.nextInt(20)), late);
      }
    }
    return delivered;
  }
}
