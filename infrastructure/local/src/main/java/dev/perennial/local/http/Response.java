package dev.perennial.local.http;

import static dev.perennial.local.Json.JSON;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer to a request. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Response(int status, Map<String, String> headers, byte[] body) {

  Response {
    headers = Map.copyOf(headers);
  }

  static Response empty(int status) {
    return new Response(status, Map.of(), new byte[0]);
  }

  static Response json(JsonNode body) {
    return new Response(
        200, Map.of("content-type", "application/json"), JSON.writeValueAsBytes(body));
  }

  /**
   * An RFC 9457 problem of the platform's own, not of a function; its type is made of the title as
   * those of functions are.
   */
  static Response problem(int status, String title, String detail) {
    ObjectNode problem = JSON.createObjectNode();
    problem.put("type", "/problems/" + title.toLowerCase(Locale.ROOT).replace(' ', '-'));
    problem.put("title", title);
    problem.put("status", status);
    problem.put("detail", detail);
    return new Response(
        status,
        Map.of("content-type", "application/problem+json"),
        JSON.writeValueAsBytes(problem));
  }
}
