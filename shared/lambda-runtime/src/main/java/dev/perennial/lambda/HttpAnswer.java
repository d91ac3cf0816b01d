package dev.perennial.lambda;

import dev.perennial.domain.Page;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** A page of a list: {@code items}, and a {@code cursor} unless it is the last. */
  public static HttpAnswer page(Page<? extends Value> page) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("items", new Items(List.copyOf(page.items())));
    if (page.cursor() != null) {
      fields.put("cursor", new Text(page.cursor()));
    }
    return ok(new Fields(fields));
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
