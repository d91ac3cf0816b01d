package dev.perennial.lambda;

import dev.perennial.domain.Page;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.Base64;
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
public record HttpAnswer(
    int status, @Nullable Value body, Map<String, String> headers, @Nullable Media media) {

  /**
   * What a browser is answered with, in place of JSON.
   *
   * @param type for example {@code text/html; charset=utf-8}
   * @param base64 whether {@code content} stands for bytes that way
   */
  public record Media(String type, String content, boolean base64) {}

  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  public HttpAnswer(int status, @Nullable Value body, Map<String, String> headers) {
    this(status, body, headers, null);
  }

  /** A page for people, which no cache keeps, no site frames and no search engine finds. */
  public static HttpAnswer html(int status, String page) {
    return new HttpAnswer(
        status,
        null,
        Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline';"
                    + " form-action 'self'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Robots-Tag", "noindex"),
        new Media("text/html; charset=utf-8", page, false));
  }

  /** An image or other bytes, which no cache keeps. */
  public static HttpAnswer bytes(String type, byte[] content) {
    return new HttpAnswer(
        200,
        null,
        Map.of("Cache-Control", "no-store"),
        new Media(type, Base64.getEncoder().encodeToString(content), true));
  }

  /** A document in YAML, for everybody. */
  public static HttpAnswer yaml(String document) {
    return new HttpAnswer(
        200, null, Map.of(), new Media("application/yaml; charset=utf-8", document, false));
  }

  /** Sends the browser on, this time. */
  public static HttpAnswer redirect(String url) {
    return new HttpAnswer(302, null, Map.of("Location", url, "Cache-Control", "no-store"), null);
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

  public static HttpAnswer accepted(Value body) {
    return new HttpAnswer(202, body, Map.of());
  }

  public static HttpAnswer noContent() {
    return new HttpAnswer(204, null, Map.of());
  }
}
