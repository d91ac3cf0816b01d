package dev.perennial.lambda;

import dev.perennial.domain.value.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param body sent as JSON; null for none
 * @param headers beside {@code Content-Type}
 */
public record HttpAnswer(int status, @Nullable Value body, Map<String, String> headers) {

  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  public static HttpAnswer ok(Value body) {
    return new HttpAnswer(200, body, Map.of());
  }

  public static HttpAnswer created(Value body) {
    return new HttpAnswer(201, body, Map.of());
  }

  public static HttpAnswer accepted(Value body) {
    return new HttpAnswer(202, body, Map.of());
  }

  public static HttpAnswer noContent() {
    return new HttpAnswer(204, null, Map.of());
  }
}
