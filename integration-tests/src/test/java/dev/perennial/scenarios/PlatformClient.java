package dev.perennial.scenarios;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A client of one running platform: its API with the local keys, and the local platform's clock and
 * inbox. Each answer of the API must be as {@code openapi.yaml} describes it.
 */
public final class PlatformClient {

  static final String WRITE_KEY = "wk_local";
  private static final String SECRET_KEY = "sk_local";

  private static final ApiContract CONTRACT = new ApiContract();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  PlatformClient(URI base) {
    this.base = base;
  }

  /** What came back: the status and the JSON object, empty when the body is none. */
  public record Answer(int status, Fields body) {
    /** This answer, when it is a success; else a failure that shows it. */
    public Answer ok() {
      if (status / 100 != 2) {
        throw new AssertionError("answered " + status + ": " + body);
      }
      return this;
    }

    public List<Fields> items() {
      Items items = (Items) Optional.ofNullable(body.get("items")).orElseThrow();
      return items.items().stream().map(Fields.class::cast).toList();
    }

    public long number(String path) {
      return ((Num) Optional.ofNullable(body.at(path)).orElseThrow()).number().longValueExact();
    }

    public String text(String name) {
      return Optional.ofNullable(body.text(name)).orElseThrow();
    }
  }

  URI uri() {
    return base;
  }

  /** Posts events with the write key. */
  public Answer ingest(String path, String body) {
    return send(request(path, WRITE_KEY).POST(BodyPublishers.ofString(body)));
  }

  /** Posts raw bytes with further headers, as an odd client may. */
  public Answer ingest(String path, byte[] body, String key, String... headers) {
    HttpRequest.Builder request = request(path, key).POST(BodyPublishers.ofByteArray(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public Answer get(String path) {
    return send(request(path, SECRET_KEY).GET());
  }

  /** Asks with that key, or with none where it is empty. */
  Answer ask(String method, String path, String key) {
    return send(request(path, key).method(method, BodyPublishers.ofString("{}")));
  }

  public Answer put(String path, String body) {
    return send(request(path, SECRET_KEY).PUT(BodyPublishers.ofString(body)));
  }

  public Answer post(String path, String body, String... headers) {
    return ingest(path, body.getBytes(StandardCharsets.UTF_8), SECRET_KEY, headers);
  }

  public Answer delete(String path) {
    return send(request(path, SECRET_KEY).DELETE());
  }

  public Answer profile(String identifier) {
    return get("/v1/profiles?identifier=" + URLEncoder.encode(identifier, StandardCharsets.UTF_8));
  }

  public void clock(Instant at) {
    post("/local/clock", "{\"at\":\"" + at + "\"}").ok();
  }

  public void advance(Duration by) {
    post("/local/clock", "{\"advance\":\"" + by + "\"}").ok();
  }

  public void awaitIdle() {
    get("/local/idle").ok();
  }

  List<Fields> inbox() {
    return get("/local/inbox").ok().items();
  }

  List<Fields> inbox(String to) {
    return get("/local/inbox?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)).ok().items();
  }

  private HttpRequest.Builder request(String path, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).header("content-type", "application/json");
    return key.isEmpty() ? request : request.header("authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      var response = http.send(request, BodyHandlers.ofByteArray());
      boolean json = response.headers().firstValue("content-type").orElse("").contains("json");
      String path = request.uri().getPath();
      if (path.startsWith("/v1/") && (json || response.body().length == 0)) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        CONTRACT.check(request.method(), path, response.statusCode(), body);
      }
      Value body = json ? Json.readOwn(response.body()) : Fields.EMPTY;
      return new Answer(
          response.statusCode(), body instanceof Fields fields ? fields : Fields.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
