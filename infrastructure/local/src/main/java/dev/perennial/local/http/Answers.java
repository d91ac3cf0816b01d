package dev.perennial.local.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.perennial.local.hosting.FailedInvocation;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.local.hosting.HostedFunction;
import dev.perennial.local.queues.Activity;
import dev.perennial.topology.Function;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What each request is answered: by the function of its route, by {@code /local/*}, or by a problem
 * of the front's own. Bodies may have 10 MB, API Gateway's limit, and events 6 MB, Lambda's.
 */
final class Answers {

  static final int MOST_BYTES = 10 * 1024 * 1024;
  private static final int DISCARDED_BYTES = 100 * 1024 * 1024;

  private static final Map<String, String> CORS = Map.of("access-control-allow-origin", "*");

  /** As in {@code infrastructure/aws}. */
  private static final Map<String, String> PREFLIGHT =
      Map.of(
          "access-control-allow-origin", "*",
          "access-control-allow-methods", "*",
          "access-control-allow-headers",
              "authorization,content-type,content-encoding,idempotency-key",
          "access-control-max-age", "86400");

  private final Routes routes;
  private final Map<Function, HostedFunction> functions;
  private final LocalRoutes local;
  private final Activity activity;
  private final InstantSource clock;
  private final FunctionLog log;

  Answers(
      Map<Function, HostedFunction> functions,
      LocalRoutes local,
      Activity activity,
      InstantSource clock,
      FunctionLog log) {
    this.routes = new Routes(List.copyOf(functions.keySet()));
    this.functions = Map.copyOf(functions);
    this.local = local;
    this.activity = activity;
    this.clock = clock;
    this.log = log;
  }

  void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response;
      try {
        response = respond(exchange);
      } catch (InterruptedException e) {
        response = Response.problem(503, "Stopping", "The platform stops.");
      } catch (RuntimeException e) {
        log.failure("front", exchange.getRequestURI() + "  failed", e);
        response = GatewayEvent.failed();
      }
      write(exchange, response);
    }
  }

  private Response respond(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      discard(exchange.getRequestBody());
      return Response.problem(413, "Content too large", "A request may have 10 MB at most.");
    }
    Request request = request(exchange, body);
    if (request.path().startsWith("/local/")) {
      return local.answer(request);
    }
    if (request.method().equals("OPTIONS")) {
      return new Response(204, PREFLIGHT, new byte[0]);
    }
    Optional<Routes.Match> match = routes.match(request.method(), request.path());
    if (match.isEmpty()) {
      return Response.problem(
          404, "Not found", "No route " + request.method() + " " + request.path() + ".");
    }
    return invoke(request, match.get());
  }

  private Response invoke(Request request, Routes.Match match) throws InterruptedException {
    HostedFunction function = functions.get(match.function());
    if (function == null) {
      throw new IllegalStateException("no function " + match.function().name());
    }
    String requestId = UUID.randomUUID().toString();
    try (Activity.Span _ = activity.begin()) {
      byte[] event = GatewayEvent.of(request, match, requestId, clock.instant());
      if (event.length > HostedFunction.MOST_BYTES) {
        return Response.problem(413, "Content too large", "A function takes 6 MB at most.");
      }
      return GatewayEvent.response(function.invoke(event, match.route().routeKey()));
    } catch (FailedInvocation e) {
      return GatewayEvent.failed();
    }
  }

  private static Request request(HttpExchange exchange, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    String query = exchange.getRequestURI().getRawQuery();
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        query == null ? "" : query,
        headers,
        body,
        exchange.getRemoteAddress().getAddress().getHostAddress(),
        exchange.getProtocol());
  }

  /** Reads on, because a client that is still sending would not see the answer. */
  private static void discard(InputStream body) throws IOException {
    body.skip(DISCARDED_BYTES);
  }

  private static void write(HttpExchange exchange, Response response) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    CORS.forEach(headers::set);
    response.headers().forEach(headers::set);
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
