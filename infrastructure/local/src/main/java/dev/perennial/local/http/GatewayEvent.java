package dev.perennial.local.http;

import static dev.perennial.local.Json.JSON;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The event that an HTTP API makes of a request, payload format 2.0, and what it makes of the
 * function's answer.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
 *     integrations for HTTP APIs</a>
 */
final class GatewayEvent {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String STAGE = "$default";

  private GatewayEvent() {}

  static byte[] of(Request request, Routes.Match match, String requestId, Instant now) {
    ObjectNode event = JSON.createObjectNode();
    String path = Routes.decoded(request.path());
    event.put("version", "2.0");
    event.put("routeKey", match.route().routeKey());
    event.put("rawPath", path);
    event.put("rawQueryString", request.query());
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    String cookies = headers.remove("cookie");
    if (cookies != null) {
      for (String cookie : cookies.split("; ?", -1)) {
        event.withArray("cookies").add(cookie);
      }
    }
    headers.forEach(event.putObject("headers")::put);
    put(event, "queryStringParameters", request.parameters());
    put(event, "pathParameters", match.pathParameters());
    ObjectNode context = event.putObject("requestContext");
    context.put("accountId", "000000000000");
    context.put("apiId", "local");
    context.put("domainName", headers.getOrDefault("host", "localhost"));
    context.put("domainPrefix", "local");
    ObjectNode http = context.putObject("http");
    http.put("method", request.method());
    http.put("path", path);
    http.put("protocol", request.protocol());
    http.put("sourceIp", request.sourceIp());
    http.put("userAgent", headers.getOrDefault("user-agent", ""));
    context.put("requestId", requestId);
    context.put("routeKey", match.route().routeKey());
    context.put("stage", STAGE);
    context.put("time", TIME.format(now));
    context.put("timeEpoch", now.toEpochMilli());
    putBody(event, request);
    return JSON.writeValueAsBytes(event);
  }

  /** What the function answered; a status of 500 when it is no HTTP response. */
  static Response response(byte[] answer) {
    JsonNode json = answer.length == 0 ? JSON.createObjectNode() : JSON.readTree(answer);
    if (!json.path("statusCode").isInt() || json.path("statusCode").intValue() < 200) {
      return failed();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    json.path("headers")
        .properties()
        .forEach(
            header ->
                headers.put(
                    header.getKey().toLowerCase(Locale.ROOT), header.getValue().asString("")));
    String body = json.path("body").asString("");
    byte[] bytes =
        json.path("isBase64Encoded").asBoolean(false)
            ? Base64.getDecoder().decode(body)
            : body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      headers.putIfAbsent("content-type", "text/plain;charset=UTF-8");
    }
    return new Response(json.path("statusCode").intValue(), headers, bytes);
  }

  /** API Gateway's answer when a function fails. */
  static Response failed() {
    return new Response(
        500,
        Map.of("content-type", "application/json"),
        "{\"message\":\"Internal Server Error\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static void put(ObjectNode event, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      values.forEach(event.putObject(name)::put);
    }
  }

  private static void putBody(ObjectNode event, Request request) {
    if (request.body().length == 0) {
      event.put("isBase64Encoded", false);
      return;
    }
    Optional<String> text = text(request);
    event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(request.body())));
    event.put("isBase64Encoded", text.isEmpty());
  }

  /** The body as text where API Gateway passes it as text; it never decompresses. */
  private static Optional<String> text(Request request) {
    if (request.header("content-encoding") != null || !isText(request.header("content-type"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isText(@Nullable String contentType) {
    if (contentType == null) {
      return true;
    }
    String type = contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    return type.startsWith("text/")
        || type.equals("application/json")
        || type.equals("application/javascript")
        || type.equals("application/xml")
        || type.endsWith("+json")
        || type.endsWith("+xml");
  }
}
