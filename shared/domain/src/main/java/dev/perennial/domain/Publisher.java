package dev.perennial.domain;

import java.util.Collection;

/**
 * A way to tell another stage something, at least once.
 *
 * @param <T> what is told
 */
public interface Publisher<T> {

  /**
   * Returns when all of it is durable; throws when any of it may not be. Publishing again is always
   * safe.
   */
  void publish(Collection<? extends T> news);
}
