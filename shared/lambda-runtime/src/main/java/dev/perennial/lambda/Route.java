package dev.perennial.lambda;

import dev.perennial.domain.access.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A route of a function.
 *
 * @param key as in the topology, for example {@code PUT /v1/segments/{id}}
 * @param scope that the key must have; null where the endpoint itself decides whom it answers
 */
public record Route(String key, @Nullable Scope scope, Endpoint endpoint) {

  public static Route of(String key, Scope scope, Endpoint endpoint) {
    return new Route(key, scope, endpoint);
  }

  /** A route that asks for no key before the endpoint is called. */
  public static Route open(String key, Endpoint endpoint) {
    return new Route(key, null, endpoint);
  }
}
