package dev.perennial.local.providers;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the caller of an AWS service gets to see. */
public sealed interface Reply {

  /** An HTTP answer. The array is handed over, not copied. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] body) implements Reply {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /** Nothing: the connection closes without an answer. */
  record Dropped() implements Reply {}

  /** A successful answer of a REST service. */
  static Answer ok(String json) {
    return new Answer(
        200, Map.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * An error of a REST service.
   *
   * @param type the service's exception, for example {@code TooManyRequestsException}
   * @param message plain words without quotation marks or backslashes
   */
  static Answer error(int status, String type, String message) {
    String json = "{\"message\":\"" + message + "\"}";
    return new Answer(
        status,
        Map.of("Content-Type", "application/json", "x-amzn-ErrorType", type),
        json.getBytes(StandardCharsets.UTF_8));
  }
}
