package dev.perennial.domain.identity;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The links that a person keeps of those that can join nobody and would grow without end: a shared
 * identifier meets everybody who passes by, and anybody may claim an address that a server says is
 * somebody else's. The weightiest few tell what there is to tell; those that do not count are few
 * for themselves, lest they take the place of what is said now.
 */
public final class KeptLinks {

  /**
   * Most people whom an identifier meets when it stops being shared, so that they come together in
   * one transaction of 100 items. A shared identifier keeps links to no more, those to further user
   * ids aside.
   */
  public static final int MOST_MET = 80;

  /** How many times the most user ids of one person an identifier keeps links to. */
  private static final int USER_IDS = 10;

  /** What few links are kept of: those of one identifier to user ids, or else to others. */
  private record Kind(Identifier end, boolean toUserIds, boolean counts) {}

  private KeptLinks() {}

  /** The evidence with those links only. */
  public static Evidence of(Evidence all, int mostUserIds) {
    int others = MOST_MET - mostUserIds;
    if (all.links().size() <= others) {
      return all;
    }
    Set<Identifier> shared = ResolveLinks.shared(all, mostUserIds);
    Map<Kind, Integer> seen = new HashMap<>();
    Set<Link> kept = new HashSet<>();
    for (Link link : new TreeSet<>(all.links())) {
      boolean keeps = true;
      for (Identifier end : List.of(link.a(), link.b())) {
        boolean toUserId = link.other(end).isUserId();
        if (toUserId ? !end.isUserId() : shared.contains(end)) {
          Kind kind = new Kind(end, toUserId, all.counts(link));
          keeps &=
              seen.merge(kind, 1, Integer::sum) <= (toUserId ? USER_IDS * mostUserIds : others);
        }
      }
      if (keeps) {
        kept.add(link);
      }
    }
    return new Evidence(all.identifiers(), kept, all.withdrawn(), all.resets());
  }
}
