package dev.perennial.domain;

import java.time.Duration;

/**
 * A way to tell another stage something after a while, at least once.
 *
 * @param <T> what is told
 */
@FunctionalInterface
public interface DelayedPublisher<T> {

  /**
   * Returns when it is durable; throws when it may not be. Publishing again is always safe.
   *
   * @param delay until it is told, in whole seconds, at most 15 minutes
   */
  void publish(T news, Duration delay);
}
