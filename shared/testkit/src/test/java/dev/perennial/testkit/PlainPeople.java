package dev.perennial.testkit;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * People by the definition, from all evidence at once: no stores, no increments, no union-find.
 *
 * @param firstSeen of each identifier
 * @param links of each key the one that weighs most
 * @param groups who is one person
 */
record PlainPeople(
    Map<Identifier, Instant> firstSeen, Collection<Link> links, Set<Set<Identifier>> groups) {

  /** Spelled out, because the order is among what is checked. */
  private static final Comparator<Link> WEIGHT =
      Comparator.<Link, Integer>comparing(
              link ->
                  switch (link.strength()) {
                    case EXPLICIT -> 0;
                    case SERVER -> 1;
                    case CLIENT -> 2;
                  })
          .thenComparing(Link::at)
          .thenComparing(Link::eventId)
          .thenComparing(Link::a)
          .thenComparing(Link::b)
          .thenComparing(Link::kind);

  /**
   * Recomputes the people.
   *
   * @param merges that were asked for
   * @param withdrawn links that shall not count
   */
  static PlainPeople of(
      Collection<Event> events, Collection<Link> merges, Set<Link.Key> withdrawn, int mostUserIds) {
    Map<Identifier, Instant> firstSeen = new TreeMap<>();
    Map<Link.Key, Link> links = new HashMap<>();
    for (Event event : events) {
      earliest(firstSeen, event.owner(), event.timestamp());
      for (Identifier other : event.others()) {
        earliest(firstSeen, other, event.timestamp());
        Link link =
            Link.between(
                event.owner(),
                other,
                event.type() == EventType.ALIAS ? Link.Kind.ALIAS : Link.Kind.EVENT,
                event.trust() == Trust.SERVER ? Link.Strength.SERVER : Link.Strength.CLIENT,
                event.timestamp(),
                event.messageId());
        links.merge(link.key(), link, (a, b) -> WEIGHT.compare(a, b) <= 0 ? a : b);
      }
    }
    merges.forEach(merge -> links.put(merge.key(), merge));
    List<Link> counting =
        links.values().stream()
            .filter(link -> !withdrawn.contains(link.key()))
            .sorted(WEIGHT)
            .toList();
    Set<Identifier> shared =
        firstSeen.keySet().stream()
            .filter(identifier -> !identifier.isUserId())
            .filter(identifier -> userIdsWith(identifier, counting) > mostUserIds)
            .collect(Collectors.toSet());
    Map<Identifier, Set<Identifier>> groups = new HashMap<>();
    firstSeen.keySet().forEach(identifier -> groups.put(identifier, Set.of(identifier)));
    for (boolean merging : new boolean[] {false, true}) {
      for (Link link : counting) {
        if ((link.kind() == Link.Kind.MERGE) == merging
            && !shared.contains(link.a())
            && !shared.contains(link.b())) {
          Set<Identifier> together = new HashSet<>(groups.get(link.a()));
          together.addAll(groups.get(link.b()));
          if (merging || together.stream().filter(Identifier::isUserId).count() < 2) {
            together.forEach(identifier -> groups.put(identifier, together));
          }
        }
      }
    }
    return new PlainPeople(firstSeen, links.values(), new HashSet<>(groups.values()));
  }

  private static long userIdsWith(Identifier identifier, List<Link> links) {
    List<Link> said =
        links.stream()
            .filter(link -> link.kind() != Link.Kind.MERGE && link.key().names(identifier))
            .filter(link -> link.other(identifier).isUserId())
            .toList();
    List<Link> byServers =
        said.stream().filter(link -> link.strength() == Link.Strength.SERVER).toList();
    boolean vouched = identifier.isAddress() && !byServers.isEmpty();
    return (vouched ? byServers : said)
        .stream().map(link -> link.other(identifier)).distinct().count();
  }

  private static void earliest(Map<Identifier, Instant> seen, Identifier identifier, Instant at) {
    seen.merge(identifier, at, (a, b) -> Arrays.asList(a, b).stream().sorted().toList().getFirst());
  }
}
