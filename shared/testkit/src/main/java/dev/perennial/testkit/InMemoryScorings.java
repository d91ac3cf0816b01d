package dev.perennial.testkit;

import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.Scoring.Tally;
import dev.perennial.domain.segment.Scorings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the scorings of a test are. */
public final class InMemoryScorings implements Scorings {

  private final Map<Scoring, TreeMap<Integer, Tally>> stored = new HashMap<>();

  @Override
  public synchronized List<Tally> tallies(Scoring scoring) {
    return List.copyOf(stored.getOrDefault(scoring, new TreeMap<>()).values());
  }

  @Override
  public synchronized boolean save(Scoring scoring, Tally tally, Instant keepUntil) {
    Map<Integer, Tally> shards = stored.computeIfAbsent(scoring, _ -> new TreeMap<>());
    Tally before = shards.get(tally.shard());
    if ((before == null ? 0 : before.steps()) != tally.steps() - 1) {
      return false;
    }
    shards.put(tally.shard(), tally);
    return true;
  }
}
