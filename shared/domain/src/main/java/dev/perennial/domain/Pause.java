package dev.perennial.domain;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What to do between two tries at a contended write: wait, in production. */
@FunctionalInterface
public interface Pause {

  /** Tries at a contended write. */
  int TRIES = 5;

  /** Returns when the next try may start. Tries count from 1. */
  void after(int attempt);

  /**
   * The result of the first try that has one: each reads anew, and is empty or itself contended
   * where others wrote first.
   *
   * @param what the contended thing in words, for example {@code the person}
   * @throws Contended when no try has a result
   */
  default <T> T retry(String what, Supplier<Optional<T>> write) {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        Optional<T> result = write.get();
        if (result.isPresent()) {
          return result.get();
        }
      } catch (Contended _) {
        // as if it were empty
      }
      if (attempt < TRIES) {
        after(attempt);
      }
    }
    throw new Contended(what);
  }

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
