package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.List;

/** The store of how far scorings are. */
public interface Scorings {

  /** The shards that were begun, as stored now. */
  List<Scoring.Tally> tallies(Scoring scoring);

  /**
   * Stores where a shard stands, on condition that it stood one step before.
   *
   * @param keepUntil when it may be forgotten
   * @return false when somebody else is at work on the shard
   */
  boolean save(Scoring scoring, Scoring.Tally tally, Instant keepUntil);
}
