package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Acquaintances.Copy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of some events those that were not applied yet, each once, and how many of the others say
 * something else than the one of their message id that was.
 */
final class Fresh {

  /**
   * How long after an event came a copy of it is known that the platform stamped anew: longer than
   * clients, queues and dead-letter queues keep events.
   */
  static final Duration REPEATED_WITHIN = Duration.ofDays(35);

  private final Map<Identifier, Facet> facets;
  private final History history;
  private final Map<Identifier, Past> past = new HashMap<>();
  private final Map<Identifier, Map<String, Event>> news = new LinkedHashMap<>();
  private int different;

  /** What history says of an owner's events since then, by message id. */
  private record Past(Instant since, Map<String, Event> events) {}

  private Fresh(Map<Identifier, Facet> facets, History history) {
    this.facets = facets;
    this.history = history;
  }

  static Fresh of(List<Copy> copies, Map<Identifier, Facet> facets, History history) {
    Fresh fresh = new Fresh(facets, history);
    copies.forEach(copy -> fresh.look(copy.event()));
    return fresh;
  }

  /** By owner, in the order in which they came. */
  Map<Identifier, List<Event>> byOwner() {
    Map<Identifier, List<Event>> events = new LinkedHashMap<>();
    news.forEach((owner, some) -> events.put(owner, List.copyOf(some.values())));
    return events;
  }

  int different() {
    return different;
  }

  private void look(Event event) {
    Facet facet = facets.get(event.owner());
    switch (facet == null ? Seen.Answer.NO : facet.saw(event)) {
      case YES -> {}
      case YES_BUT_DIFFERENT -> different++;
      case NO -> add(event);
      case ASK_HISTORY -> {
        Event known = facet == null ? null : past(facet, event).get(event.messageId());
        if (known == null) {
          add(event);
        } else if (!known.saysWhat(event)) {
          different++;
        }
      }
    }
  }

  private void add(Event event) {
    Event other =
        news.computeIfAbsent(event.owner(), _ -> new LinkedHashMap<>())
            .putIfAbsent(event.messageId(), event);
    if (other != null && !other.saysWhat(event)) {
      different++;
    }
  }

  /** All events of the owner among which a copy of that event may be. */
  private Map<String, Event> past(Facet facet, Event event) {
    PageId newest = facet.newestPage();
    if (newest == null) {
      return Map.of();
    }
    Instant since = event.stamped() ? event.receivedAt().minus(REPEATED_WITHIN) : event.timestamp();
    Past known = past.get(facet.owner());
    if (known == null || known.since().isAfter(since)) {
      Map<String, Event> events = new HashMap<>();
      history.read(facet.owner(), newest, since).forEach(old -> events.put(old.messageId(), old));
      known = new Past(since, events);
      past.put(facet.owner(), known);
    }
    return known.events();
  }
}
