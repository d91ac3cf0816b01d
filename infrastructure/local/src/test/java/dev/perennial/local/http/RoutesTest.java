package dev.perennial.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.topology.Function;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {

  private final Routes routes =
      new Routes(
          List.of(
              function("Shop", "GET /shops/{id}", "GET /shops/{id}/open", "POST /shops"),
              function("Rest", "POST /shops/{path+}"),
              function("Best", "GET /shops/best")));

  @Test
  void fillsParametersWithDecodedSegments() {
    Routes.Match match = routes.match("GET", "/shops/caf%C3%A9%2Fbar+1").orElseThrow();

    assertThat(match.function().name()).isEqualTo("Shop");
    assertThat(match.route().routeKey()).isEqualTo("GET /shops/{id}");
    assertThat(match.pathParameters()).isEqualTo(Map.of("id", "café/bar+1"));
  }

  @Test
  void prefersALiteralToAParameter() {
    assertThat(routes.match("GET", "/shops/best").orElseThrow().function().name())
        .isEqualTo("Best");
  }

  @Test
  void aGreedyParameterTakesWhatNoOtherRouteDoes() {
    assertThat(routes.match("POST", "/shops").orElseThrow().function().name()).isEqualTo("Shop");

    Routes.Match match = routes.match("POST", "/shops/7/open/").orElseThrow();
    assertThat(match.function().name()).isEqualTo("Rest");
    assertThat(match.route().routeKey()).isEqualTo("POST /shops/{path+}");
    assertThat(match.pathParameters()).isEqualTo(Map.of("path", "7/open/"));
  }

  @Test
  void aSlashAtTheEndMakesAnotherPath() {
    assertThat(routes.match("GET", "/shops/best/")).isEmpty();
    assertThat(routes.match("POST", "/shops/")).isEmpty();
  }

  @Test
  void knowsNoOtherMethodAndNoOtherPath() {
    assertThat(routes.match("DELETE", "/shops/best")).isEmpty();
    assertThat(routes.match("GET", "/shops")).isEmpty();
    assertThat(routes.match("GET", "/shops//open")).isEmpty();
    assertThat(routes.match("GET", "/shops/7/open/now")).isEmpty();
  }

  @Test
  void findsEveryRouteOfTheTopology() {
    Routes all = new Routes(Topology.functions());

    for (Function function : Topology.functions()) {
      for (Trigger trigger : function.triggers()) {
        if (trigger instanceof Trigger.Http http) {
          assertThat(
                  all.match(
                      http.method(),
                      http.path().replace("{id}", "some").replace("{path+}", "some/more/")))
              .hasValueSatisfying(
                  match -> {
                    assertThat(match.function()).isEqualTo(function);
                    assertThat(match.route()).isEqualTo(http);
                  });
        }
      }
    }
  }

  private static Function function(String name, String... routes) {
    List<Trigger> triggers =
        List.of(routes).stream()
            .map(key -> key.split(" ", -1))
            .<Trigger>map(key -> new Trigger.Http(key[0], key[1]))
            .toList();
    return new Function(name, "shops", 128, Duration.ofSeconds(1), triggers, List.of(), Set.of());
  }
}
