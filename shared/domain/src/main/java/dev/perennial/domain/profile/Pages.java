package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * When a facet's tail goes to history pages, and how it is cut. Weights are in characters, near
 * enough to bytes.
 */
public final class Pages {

  /**
   * Most events in a tail: with so few, the item of a usual person stays within one write unit of 1
   * KB.
   */
  static final int TAIL_EVENTS = 8;

  /** Most characters in a tail. */
  static final int TAIL_WEIGHT = 2_048;

  /**
   * Most characters in a page: no more than 400 KB, DynamoDB's limit of an item, even at three
   * bytes each.
   */
  static final int PAGE_WEIGHT = 100_000;

  private Pages() {}

  static boolean overflows(List<Event> tail) {
    return tail.size() > TAIL_EVENTS || weight(tail) > TAIL_WEIGHT;
  }

  /** The events in order, cut into as few pages as they fit in. */
  public static List<List<Event>> cut(List<Event> events) {
    List<List<Event>> pages = new ArrayList<>();
    List<Event> page = new ArrayList<>();
    long room = PAGE_WEIGHT;
    for (Event event : events) {
      long weight = weight(event);
      if (weight > room && !page.isEmpty()) {
        pages.add(page);
        page = new ArrayList<>();
        room = PAGE_WEIGHT;
      }
      page.add(event);
      room -= weight;
    }
    if (!page.isEmpty()) {
      pages.add(page);
    }
    return pages;
  }

  private static long weight(List<Event> events) {
    return events.stream().mapToLong(Pages::weight).sum();
  }

  private static long weight(Event event) {
    return 100L
        + event.properties().weight()
        + event.traits().weight()
        + event.context().weight()
        + 50L * event.others().size();
  }
}
