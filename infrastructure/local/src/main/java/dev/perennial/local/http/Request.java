package dev.perennial.local.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in.
 *
 * @param path as sent, percent-encoded
 * @param query as sent, without the question mark; empty when there is none
 * @param headers lower-case names; several values of one name joined by commas
 * @param body as sent, still compressed when the client compressed it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Request(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body,
    String sourceIp,
    String protocol) {

  Request {
    headers = Map.copyOf(headers);
  }

  @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /** Decoded query parameters; several values of one name joined by commas. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.merge(decoded(name), decoded(value), (first, next) -> first + "," + next);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
