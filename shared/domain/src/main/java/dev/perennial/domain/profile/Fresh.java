package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Acquaintances.Copy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of some events those that were not applied yet, each once, and how many of the others say
 * something else than the one of their message id that was.
 */
final class Fresh {

  private final Map<Identifier, Facet> facets;
  private final History history;
  private final Map<Identifier, Map<String, Event>> past = new HashMap<>();
  private final Map<Identifier, Map<String, Event>> news = new LinkedHashMap<>();
  private int different;

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
        Event known = facet == null ? null : past(facet).get(event.messageId());
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

  private Map<String, Event> past(Facet facet) {
    return past.computeIfAbsent(
        facet.owner(),
        owner -> {
          Map<String, Event> events = new HashMap<>();
          if (facet.newestPage() != null) {
            history
                .read(owner, facet.newestPage())
                .forEach(event -> events.put(event.messageId(), event));
          }
          return events;
        });
  }
}
