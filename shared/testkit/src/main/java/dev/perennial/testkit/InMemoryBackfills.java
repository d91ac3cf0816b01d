package dev.perennial.testkit;

import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Standing;
import dev.perennial.domain.segment.Backfills;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the backfills of a test are. */
public final class InMemoryBackfills implements Backfills {

  private final Map<Backfill, TreeMap<Integer, Standing>> stored = new HashMap<>();

  @Override
  public synchronized List<Standing> standings(Backfill backfill) {
    return List.copyOf(stored.getOrDefault(backfill, new TreeMap<>()).values());
  }

  @Override
  public synchronized boolean save(Backfill backfill, Standing standing, Instant keepUntil) {
    Map<Integer, Standing> shards = stored.computeIfAbsent(backfill, _ -> new TreeMap<>());
    Standing before = shards.get(standing.shard());
    if ((before == null ? 0 : before.steps()) != standing.steps() - 1) {
      return false;
    }
    shards.put(standing.shard(), standing);
    return true;
  }
}
