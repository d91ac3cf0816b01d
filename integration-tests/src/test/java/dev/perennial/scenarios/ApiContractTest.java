package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ApiContractTest {

  private static final ApiContract CONTRACT = new ApiContract();

  @Test
  void everyRouteIsDescribedAndNoOther() {
    assertThat(CONTRACT.operations())
        .isEqualTo(
            Topology.functions().stream()
                .flatMap(function -> function.triggers().stream())
                .filter(Trigger.Http.class::isInstance)
                .map(Trigger.Http.class::cast)
                // The greedy one takes what other routes describe.
                .filter(route -> !route.path().endsWith("+}"))
                .map(Trigger.Http::routeKey)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void anAnswerThatIsNotAsDescribedIsNamed() {
    assertThatThrownBy(() -> CONTRACT.check("GET", "/v1/insights/totals", 200, "{\"profiles\":1}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("events");
    assertThatThrownBy(() -> CONTRACT.check("GET", "/v1/sending", 204, ""))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("never answers 204");
  }
}
