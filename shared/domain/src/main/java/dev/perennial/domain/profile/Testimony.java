package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import java.util.Set;

/** What an event says of who belongs together: its owner and each of the others. */
final class Testimony {
  private Testimony() {}

  /**
   * Adds what the event says of its owner and of those others that are known already or in {@code
   * more}. Of the rest it says nothing new.
   *
   * @param full whether only links that are known may be added, which may be stronger now
   */
  static void add(Event event, Set<Identifier> more, boolean full, Evidence.Builder evidence) {
    evidence.see(event.owner(), event.timestamp());
    for (Identifier other : event.others()) {
      Link link = link(event, other);
      boolean heard =
          full ? evidence.link(link.key()) != null : more.contains(other) || evidence.knows(other);
      if (heard) {
        evidence.see(other, event.timestamp());
        evidence.add(link);
      }
    }
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
}
