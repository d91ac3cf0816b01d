package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The member index of a test. */
public final class InMemoryMembers implements Members {

  private final Map<SegmentId, TreeMap<PersonId, Membership>> memberships = new HashMap<>();

  @Override
  public synchronized void apply(Collection<Transition> transitions) {
    for (Transition transition : transitions) {
      memberships
          .computeIfAbsent(transition.segment(), _ -> new TreeMap<>())
          .merge(
              transition.person(),
              new Membership(transition.number(), transition.at()),
              (known, news) -> news.number() > known.number() ? news : known);
    }
  }

  @Override
  public synchronized void forget(PersonId person, SegmentId segment) {
    memberships.getOrDefault(segment, new TreeMap<>()).remove(person);
  }

  @Override
  public synchronized void forget(PersonId person, SegmentId segment, long number) {
    Membership known = memberships.getOrDefault(segment, new TreeMap<>()).get(person);
    if (known != null && known.number() == number) {
      forget(person, segment);
    }
  }

  @Override
  public long size(SegmentId segment) {
    return members(segment).size();
  }

  @Override
  public Map<SegmentId, Long> sizes(Collection<SegmentId> segments) {
    return segments.stream().collect(Collectors.toMap(segment -> segment, this::size));
  }

  @Override
  public Page<Member> list(SegmentId segment, int limit, @Nullable String cursor) {
    List<Member> left =
        members(segment).stream()
            .filter(member -> cursor == null || member.person().value().compareTo(cursor) > 0)
            .toList();
    return left.size() <= limit
        ? new Page<>(left, null)
        : new Page<>(left.subList(0, limit), left.get(limit - 1).person().value());
  }

  private synchronized List<Member> members(SegmentId segment) {
    return memberships.getOrDefault(segment, new TreeMap<>()).entrySet().stream()
        .filter(entry -> entry.getValue().member())
        .map(entry -> new Member(entry.getKey(), entry.getValue().since()))
        .toList();
  }
}
