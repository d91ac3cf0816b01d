package dev.perennial.domain.journey;

import java.util.List;
import java.util.Optional;

/** The source of launched journeys, as of at most the configured freshness ago. */
public interface Journeys {

  /** The launched version of every journey that is live or paused. */
  List<Launched> launched();

  /** That version, and where its journey stands now; empty when there never was one. */
  Optional<Launched> find(String id, int version);

  /** A launched version. */
  record Launched(Journey journey, Standing standing) {}

  /** Where a journey stands as a whole. */
  enum Standing {
    LIVE,
    /** Nobody starts and nobody moves. */
    PAUSED,
    /** Nobody starts, and whoever waits exits. */
    STOPPED
  }
}
