package dev.perennial.domain;

import java.util.random.RandomGenerator;

/** What to do between two tries at a contended write: wait, in production. */
@FunctionalInterface
public interface Pause {

  /** Returns when the next try may start. Tries count from 1. */
  void after(int attempt);

  /**
   * Waits a random time of at most 25 ms, doubled with each try, so that contenders part ways.
   *
   * @param random one that copies of a snapshot do not share, such as {@link
   *     java.security.SecureRandom}, or they would not part
   */
  static Pause withJitter(RandomGenerator random) {
    return attempt -> {
      try {
        Thread.sleep(1 + random.nextLong(25L << attempt));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for another writer", e);
      }
    };
  }
}
