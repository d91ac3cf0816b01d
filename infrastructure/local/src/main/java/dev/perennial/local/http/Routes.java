package dev.perennial.local.http;

import dev.perennial.topology.Function;
import dev.perennial.topology.Trigger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The topology's HTTP routes, matched as API Gateway does: exactly, slash for slash. {@code {name}}
 * takes one segment and {@code {name+}} all that are left; a route with less of either wins.
 */
final class Routes {

  private final List<Route> routes;

  private record Route(Function function, Trigger.Http trigger, List<String> segments) {
    long parameters() {
      return segments.stream().filter(Routes::isParameter).count();
    }

    boolean isGreedy() {
      return segments.getLast().endsWith("+}");
    }

    /** The path's segments, with those that a greedy parameter takes as one. */
    List<String> aligned(List<String> path) {
      int last = segments.size() - 1;
      if (!isGreedy() || path.size() <= last) {
        return path;
      }
      List<String> aligned = new ArrayList<>(path.subList(0, last));
      aligned.add(String.join("/", path.subList(last, path.size())));
      return aligned;
    }
  }

  /** The function that answers, by which route, and the decoded values of its parameters. */
  record Match(Function function, Trigger.Http route, Map<String, String> pathParameters) {
    Match {
      pathParameters = Map.copyOf(pathParameters);
    }
  }

  Routes(List<Function> functions) {
    List<Route> all = new ArrayList<>();
    for (Function function : functions) {
      for (Trigger trigger : function.triggers()) {
        if (trigger instanceof Trigger.Http http) {
          all.add(new Route(function, http, segments(http.path())));
        }
      }
    }
    all.sort(Comparator.comparing(Route::isGreedy).thenComparingLong(Route::parameters));
    this.routes = List.copyOf(all);
  }

  /**
   * @param path percent-encoded, so that an encoded slash does not end a segment
   */
  Optional<Match> match(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : routes) {
      List<String> aligned = route.aligned(segments);
      if (route.trigger().method().equals(method) && matches(route.segments(), aligned)) {
        return Optional.of(
            new Match(route.function(), route.trigger(), parameters(route.segments(), aligned)));
      }
    }
    return Optional.empty();
  }

  /** Percent-decoded; a plus stays a plus, as in any path. */
  static String decoded(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static boolean matches(List<String> route, List<String> path) {
    if (route.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < route.size(); i++) {
      String sent = path.get(i);
      if (isParameter(route.get(i)) ? sent.isEmpty() : !route.get(i).equals(sent)) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> parameters(List<String> route, List<String> path) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < route.size(); i++) {
      String name = route.get(i);
      if (isParameter(name)) {
        parameters.put(name.substring(1, name.length() - 1).replace("+", ""), decoded(path.get(i)));
      }
    }
    return parameters;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
