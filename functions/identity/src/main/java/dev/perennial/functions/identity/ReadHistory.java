package dev.perennial.functions.identity;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.Person;
import dev.perennial.functions.identity.Timeline.Moment;
import dev.perennial.json.ProfileCodec;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Puts a person's events on a timeline, the newest pages of their history first, and reads no page
 * that could add nothing to it.
 */
final class ReadHistory {

  /**
   * A page not yet read.
   *
   * @param latest none of its events, nor of any before it, is later
   */
  private record Unread(Identifier owner, PageId page, Instant latest) {}

  private final History history;

  ReadHistory(History history) {
    this.history = history;
  }

  void read(Person person, Timeline timeline) {
    PriorityQueue<Unread> unread =
        new PriorityQueue<>(Comparator.comparing(Unread::latest).reversed());
    for (Facet facet : person.facets().values()) {
      add(facet.tail(), timeline);
      if (facet.newestPage() != null) {
        unread.add(new Unread(facet.owner(), facet.newestPage(), facet.lastSeen()));
      }
    }
    while (!unread.isEmpty() && !timeline.isBeyond(unread.element().latest())) {
      Unread next = unread.remove();
      history
          .page(next.owner(), next.page())
          .ifPresent(
              page -> {
                add(page.events(), timeline);
                if (page.before() != null) {
                  unread.add(new Unread(next.owner(), page.before(), page.latest()));
                }
              });
    }
  }

  private static void add(Collection<Event> events, Timeline timeline) {
    for (Event event : events) {
      timeline.add(
          new Moment(
              event.timestamp(),
              event.messageId() + " " + event.owner(),
              ProfileCodec.writeHistory(event)));
    }
  }
}
