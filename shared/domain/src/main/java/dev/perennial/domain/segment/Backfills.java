package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.List;

/** The store of how far backfills are. */
public interface Backfills {

  /** The shards that were begun, as stored now. */
  List<Backfill.Standing> standings(Backfill backfill);

  /**
   * Stores where a shard stands, on condition that it stood one step before.
   *
   * @param keepUntil when it may be forgotten
   * @return false when somebody else is at work on the shard
   */
  boolean save(Backfill backfill, Backfill.Standing standing, Instant keepUntil);
}
