package dev.perennial.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.Contended;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.Json;
import dev.perennial.json.JsonProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one function behind an HTTP API (payload format 2.0): finds the endpoint, checks
 * the key, and turns every way an endpoint can end into a response. Faults are logged and answered
 * with 500 without saying why; clients may try again.
 */
public final class HttpApi {

  private final Authorizer authorizer;
  private final Map<String, Route> routes = new HashMap<>();

  public HttpApi(Authorizer authorizer, List<Route> routes) {
    this.authorizer = authorizer;
    routes.forEach(route -> this.routes.put(route.key(), route));
  }

  public APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event, Context context) {
    String routeKey = String.valueOf(event.getRouteKey());
    try {
      Route route = routes.get(resource(event, routeKey));
      if (route == null) {
        throw Problem.notFound("there is no such resource");
      }
      HttpAnswer answer = route.endpoint().answer(admit(event, route));
      return answer.media() == null
          ? response(answer.status(), "application/json", answer.body(), answer.headers())
          : response(answer, answer.media());
    } catch (Problem problem) {
      return response(problem, context);
    } catch (JsonProblem e) {
      return response(new Problem(400, "Invalid JSON", e.detail(), e.pointer()), context);
    } catch (InvalidDocument e) {
      return response(new Problem(400, "Invalid document", e.detail(), e.pointer()), context);
    } catch (Contended e) {
      return response(
          new Problem(503, "Busy", e.getMessage() + "; please ask again in a moment"), context);
    } catch (RuntimeException fault) {
      new StructuredLog(context)
          .error("A request failed", fault, Map.of("route", new Text(routeKey)));
      return response(
          new Problem(500, "Internal error", "the request failed; it may be repeated"), context);
    }
  }

  private HttpRequest admit(APIGatewayV2HTTPEvent event, Route route) {
    HttpRequest anonymous = new HttpRequest(event, null);
    if (route.scope() == null) {
      return anonymous;
    }
    Key key = authorizer.authorize(Authorizer.presented(anonymous), route.scope());
    return new HttpRequest(event, key);
  }

  private static APIGatewayV2HTTPResponse response(Problem problem, Context context) {
    return response(
        problem.status(),
        "application/problem+json",
        problem.body(context.getAwsRequestId()),
        switch (problem.status()) {
          case 401 -> Map.of("WWW-Authenticate", "Bearer");
          case 503 -> Map.of("Retry-After", "1");
          default -> Map.of();
        });
  }

  private static APIGatewayV2HTTPResponse response(HttpAnswer answer, HttpAnswer.Media media) {
    Map<String, String> all = new HashMap<>(answer.headers());
    all.put("Content-Type", media.type());
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.status())
        .withHeaders(all)
        .withBody(media.content())
        .withIsBase64Encoded(media.base64())
        .build();
  }

  private static APIGatewayV2HTTPResponse response(
      int status, String contentType, @Nullable Value body, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    if (body != null) {
      all.put("Content-Type", contentType);
    }
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(all)
        .withBody(body == null ? "" : Json.text(body))
        .build();
  }

  /**
   * The route key; on a greedy route, which takes paths that end in a slash, that of the path
   * without it.
   */
  private static String resource(APIGatewayV2HTTPEvent event, String routeKey) {
    String key =
        routeKey.endsWith("+}")
            ? event.getRequestContext().getHttp().getMethod() + " " + event.getRawPath()
            : routeKey;
    return key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
  }
}
