package dev.perennial.local.http;

import static dev.perennial.local.Json.JSON;

import dev.perennial.local.aws.Crash;
import dev.perennial.local.aws.Gateway;
import dev.perennial.local.clock.ClockMoves;
import dev.perennial.local.clock.MovableClock;
import dev.perennial.local.meter.Meter;
import dev.perennial.local.providers.Inbox;
import dev.perennial.local.providers.InboxMessage;
import dev.perennial.local.providers.ProviderFaults;
import dev.perennial.local.queues.QueueBoard;
import dev.perennial.topology.Grant;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What exists only locally, below {@code /local/}: the inbox, the clock, idleness, queues, costs,
 * grants and faults.
 */
public final class LocalRoutes {

  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2999-12-31T23:59:59Z");

  private static final String INBOX = "/local/inbox/";
  private static final String RAW = "/raw";
  private static final String QUEUES = "/local/queues/";

  private final Inbox inbox;
  private final MovableClock clock;
  private final ClockMoves moves;
  private final ProviderFaults faults;
  private final Meter meter;
  private final QueueBoard queues;
  private final Map<String, Gateway> gateways;

  /**
   * @param gateways of each function, by the function's name
   */
  public LocalRoutes(
      Inbox inbox,
      MovableClock clock,
      ClockMoves moves,
      ProviderFaults faults,
      Meter meter,
      QueueBoard queues,
      Map<String, Gateway> gateways) {
    this.inbox = inbox;
    this.clock = clock;
    this.moves = moves;
    this.faults = faults;
    this.meter = meter;
    this.queues = queues;
    this.gateways = Map.copyOf(gateways);
  }

  Response answer(Request request) throws InterruptedException {
    String path = request.path();
    try {
      return switch (request.method() + " " + path) {
        case "GET /local/inbox" -> inbox(request);
        case "DELETE /local/inbox" -> {
          inbox.clear();
          yield Response.empty(204);
        }
        case "GET /local/clock" -> clock();
        case "POST /local/clock" -> move(read(request));
        case "GET /local/idle" -> {
          moves.awaitIdle();
          yield clock();
        }
        case "GET /local/faults" -> armed();
        case "POST /local/faults" -> arm(read(request));
        case "DELETE /local/faults" -> {
          faults.clear();
          gateways.values().forEach(Gateway::revive);
          yield Response.empty(204);
        }
        case "GET /local/queues" -> queues();
        case "GET /local/grants" -> grants();
        case "GET /local/meter" -> usage();
        case "POST /local/meter" -> {
          meter.restart();
          yield Response.empty(204);
        }
        default -> answerNamed(request);
      };
    } catch (JacksonException e) {
      return invalid("The body is not JSON: " + e.getOriginalMessage());
    }
  }

  private Response answerNamed(Request request) {
    String path = request.path();
    if (request.method().equals("GET") && path.startsWith(INBOX) && path.endsWith(RAW)) {
      return raw(path.substring(INBOX.length(), path.length() - RAW.length()));
    }
    if (request.method().equals("POST")
        && path.startsWith(QUEUES)
        && queues.put(path.substring(QUEUES.length()), text(request))) {
      return Response.empty(204);
    }
    return Response.problem(404, "Not found", "No route " + request.method() + " " + path + ".");
  }

  private Response queues() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode items = body.putArray("items");
    for (QueueBoard.Row row : queues.rows()) {
      ObjectNode item = items.addObject();
      item.put("name", row.name());
      item.put("waiting", row.waiting());
      item.put("inFlight", row.inFlight());
      item.put("dead", row.dead());
    }
    return Response.json(body);
  }

  private Response inbox(Request request) {
    Map<String, String> filter = request.parameters();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("items");
      for (InboxMessage message : inbox.list(filter.get("channel"), filter.get("to"))) {
        message.writeTo(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return new Response(200, Map.of("content-type", "application/json"), bytes.toByteArray());
  }

  private Response usage() {
    ObjectNode body = JSON.createObjectNode();
    meter
        .usage()
        .forEach(
            (function, usage) -> {
              ObjectNode one = body.putObject(function);
              one.put("readUnits", usage.units().read());
              one.put("writeUnits", usage.units().write());
              one.put("writtenItems", usage.writtenItems());
              ObjectNode calls = one.putObject("calls");
              usage.calls().forEach(calls::put);
            });
    return Response.json(body);
  }

  private Response grants() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode items = body.putArray("items");
    gateways.forEach(
        (function, gateway) -> {
          ObjectNode item = items.addObject();
          item.put("function", function);
          gateway.unusedGrants().forEach(item.putArray("unused")::add);
        });
    return Response.json(body);
  }

  private Response raw(String id) {
    return inbox
        .raw(Routes.decoded(id))
        .map(body -> new Response(200, Map.of("content-type", type(body)), body))
        .orElseGet(() -> Response.problem(404, "Not found", "No message " + id + "."));
  }

  private static String type(byte[] body) {
    return body.length > 0 && body[0] == '{' ? "application/json" : "application/octet-stream";
  }

  private Response clock() {
    ObjectNode body = JSON.createObjectNode();
    body.put("at", clock.instant().toString());
    body.put("standing", clock.standsStill());
    return Response.json(body);
  }

  private Response move(JsonNode body) throws InterruptedException {
    UnaryOperator<Instant> target;
    try {
      target = target(body);
    } catch (DateTimeException | ArithmeticException e) {
      return invalid(
          "Send {\"at\": an instant} or {\"advance\": a duration} in ISO-8601, between the years"
              + " 1900 and 2999.");
    }
    return switch (moves.move(target)) {
      case ClockMoves.Outcome.Moved _ -> clock();
      case ClockMoves.Outcome.Busy _ ->
          Response.problem(409, "Conflict", "The clock is being moved already.");
      case ClockMoves.Outcome.PeopleExist _ ->
          Response.problem(409, "Conflict", "The clock may go back only while no profile exists.");
    };
  }

  /**
   * Where a move goes, given the present; what it refuses, it refuses here, before anything moves.
   */
  private UnaryOperator<Instant> target(JsonNode body) {
    String at = text(body, "at");
    String advance = text(body, "advance");
    if ((at == null) == (advance == null)) {
      throw new DateTimeException("neither or both");
    }
    UnaryOperator<Instant> target;
    if (at != null) {
      Instant instant = Instant.parse(at);
      target = _ -> instant;
    } else {
      Duration duration = Duration.parse(advance);
      target = now -> now.plus(duration);
    }
    Instant sample = target.apply(clock.instant());
    if (sample.isBefore(EARLIEST) || sample.isAfter(LATEST)) {
      throw new DateTimeException("out of range");
    }
    return target;
  }

  /** What was armed and has not happened yet. */
  private Response armed() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode items = body.putArray("items");
    faults
        .armed()
        .forEach(
            (provider, armed) ->
                armed.forEach(
                    fault ->
                        items
                            .addObject()
                            .put("provider", provider.name().toLowerCase(Locale.ROOT))
                            .put("fault", fault.title())));
    gateways.forEach(
        (function, gateway) ->
            gateway
                .armed()
                .ifPresent(
                    crash ->
                        items
                            .addObject()
                            .put("function", function)
                            .put("crash", crash.moment().name().toLowerCase(Locale.ROOT))
                            .put("call", crash.call())));
    return Response.json(body);
  }

  private Response arm(JsonNode body) {
    String provider = text(body, "provider");
    return provider == null ? armCrash(body) : armFault(provider, body);
  }

  private Response armFault(String title, JsonNode body) {
    Optional<Grant.Provider> provider =
        Arrays.stream(Grant.Provider.values())
            .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(title))
            .findFirst();
    Optional<ProviderFaults.Fault> fault =
        Optional.ofNullable(text(body, "fault")).flatMap(ProviderFaults.Fault::titled);
    int times = body.path("times").asInt(1);
    if (provider.isEmpty() || fault.isEmpty() || times < 1) {
      return invalid("No such provider or fault, or times below 1.");
    }
    faults.arm(provider.get(), fault.get(), times);
    return Response.empty(204);
  }

  private Response armCrash(JsonNode body) {
    Gateway gateway = gateways.get(Optional.ofNullable(text(body, "function")).orElse(""));
    int call = body.path("call").asInt(1);
    if (gateway == null || call < 1) {
      return invalid("Name a provider or one of the functions " + gateways.keySet() + ".");
    }
    Crash crash =
        switch (Optional.ofNullable(text(body, "crash")).orElse("")) {
          case "before" -> Crash.before(call);
          case "after" -> Crash.after(call);
          default -> null;
        };
    if (crash == null) {
      return invalid("crash is before or after.");
    }
    gateway.crash(crash);
    return Response.empty(204);
  }

  private static Response invalid(String detail) {
    return Response.problem(400, "Invalid request", detail);
  }

  private static JsonNode read(Request request) {
    return JSON.readTree(text(request));
  }

  private static String text(Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static @Nullable String text(JsonNode body, String name) {
    return body.path(name).isString() ? body.path(name).asString() : null;
  }
}
