package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known of who belongs together: identifiers, each with the timestamp of the earliest event
 * that showed it, and of each pair that was seen together the one link that weighs most.
 */
final class Evidence {

  private record Pair(Identifier a, Identifier b) {}

  private final Map<Identifier, Instant> firstSeen = new HashMap<>();
  private final Map<Pair, Link> links = new HashMap<>();

  Evidence(Collection<Person> people) {
    for (Person person : people) {
      person.identifiers().forEach(this::see);
      person.links().forEach(this::add);
    }
  }

  /**
   * Adds what the event says of its owner and of those others that are known here or in {@code
   * more}. Of the rest it says nothing new.
   */
  void add(Event event, Set<Identifier> more) {
    see(event.owner(), event.timestamp());
    for (Identifier other : event.others()) {
      if (more.contains(other) || firstSeen.containsKey(other)) {
        see(other, event.timestamp());
        add(link(event, other));
      }
    }
  }

  Map<Identifier, Instant> firstSeen() {
    return firstSeen;
  }

  Set<Link> links() {
    return new HashSet<>(links.values());
  }

  /** What the event says of its owner and that identifier. */
  static Link link(Event event, Identifier other) {
    return Link.between(
        event.owner(),
        other,
        event.type() == EventType.ALIAS ? Link.Kind.ALIAS : Link.Kind.EVENT,
        switch (event.trust()) {
          case SERVER -> Link.Strength.SERVER;
          case CLIENT -> Link.Strength.CLIENT;
        },
        event.timestamp(),
        event.messageId());
  }

  private void see(Identifier identifier, Instant at) {
    firstSeen.merge(identifier, at, (one, other) -> one.isBefore(other) ? one : other);
  }

  private void add(Link link) {
    links.merge(
        new Pair(link.a(), link.b()),
        link,
        (one, other) -> one.compareTo(other) <= 0 ? one : other);
  }
}
