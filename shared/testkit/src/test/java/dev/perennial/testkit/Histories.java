package dev.perennial.testkit;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Random histories of up to 8 people who share devices and addresses. */
final class Histories {

  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static final List<Namespace> NAMESPACES =
      List.of(
          Namespace.USER_ID,
          Namespace.USER_ID,
          Namespace.EMAIL,
          Namespace.DEVICE_ID,
          Namespace.ANONYMOUS_ID,
          Namespace.ANONYMOUS_ID);

  /** What clients send when they know nobody. */
  private static final List<String> BLOCKED = List.of("undefined", "null", "0", "");

  private Histories() {}

  /** 1 to 40 events, most of them with two or three identifiers, none of a message id twice. */
  static List<Event> random(Random random) {
    int people = 1 + random.nextInt(8);
    int count = 1 + random.nextInt(40);
    List<Event> events = new ArrayList<>();
    while (events.size() < count) {
      TreeSet<Identifier> identifiers = new TreeSet<>();
      int wanted = 1 + random.nextInt(3);
      for (int i = 0; i < wanted; i++) {
        identifier(random, people, identifiers);
      }
      if (!identifiers.isEmpty()) {
        events.add(event(random, identifiers, "m" + events.size()));
      }
    }
    return events;
  }

  private static void identifier(Random random, int people, Set<Identifier> identifiers) {
    Namespace namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
    String value =
        random.nextInt(20) == 0
            ? BLOCKED.get(random.nextInt(BLOCKED.size()))
            : namespace.equals(Namespace.EMAIL)
                ? random.nextInt(people) + "@example.test"
                : "x" + random.nextInt(people);
    if (IdentifierReading.of(namespace, value) instanceof IdentifierReading.Accepted accepted) {
      identifiers.add(accepted.identifier());
    }
  }

  private static Event event(Random random, SortedSet<Identifier> identifiers, String messageId) {
    Map<String, Value> traits = new HashMap<>();
    Value value = random.nextInt(5) == 0 ? new Value.Null() : Value.Num.of(random.nextInt(100));
    String name = "t" + random.nextInt(2);
    if (random.nextInt(4) == 0) {
      traits.put("$set_once", new Fields(Map.of(name, value)));
    } else {
      traits.put(name, value);
    }
    return new Event(
        identifiers.first(),
        List.copyOf(identifiers),
        messageId,
        random.nextInt(8) == 0 ? EventType.ALIAS : EventType.TRACK,
        "Event " + random.nextInt(2),
        START.plusSeconds(random.nextInt(10)),
        START.plusSeconds(10),
        random.nextInt(3) == 0 ? Trust.SERVER : Trust.CLIENT,
        Fields.EMPTY,
        new Fields(traits),
        Fields.EMPTY);
  }

  static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> permutations = new ArrayList<>();
    for (T first : items) {
      List<T> rest = new ArrayList<>(items);
      rest.remove(first);
      for (List<T> tail : permutations(rest)) {
        List<T> permutation = new ArrayList<>(List.of(first));
        permutation.addAll(tail);
        permutations.add(permutation);
      }
    }
    return permutations;
  }
}
