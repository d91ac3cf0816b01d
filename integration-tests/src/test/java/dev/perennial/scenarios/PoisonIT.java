package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What no function can read ends in the dead-letter queue, and its neighbours go through. */
class PoisonIT {

  @Test
  void poisonDiesAndDelaysNobody() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      for (String queue : rows(client).keySet()) {
        client.post("/local/queues/" + queue, "not what you expect").ok();
      }
      for (int person = 0; person < 20; person++) {
        client
            .ingest(
                "/v1/track", "{\"userId\":\"neighbour-" + person + "\",\"event\":\"Signed Up\"}")
            .ok();
      }
      client.awaitIdle();

      assertThat(client.get("/v1/insights/totals").ok().number("profiles")).isEqualTo(20);
      assertThat(rows(client))
          .allSatisfy((queue, row) -> assertThat(row.get("dead")).as(queue).isEqualTo(Num.of(1)))
          .hasSizeGreaterThan(5);
    }
  }

  private static Map<String, Fields> rows(PlatformClient client) {
    return client.get("/local/queues").ok().items().stream()
        .collect(Collectors.toMap(row -> ((Text) row.fields().get("name")).text(), row -> row));
  }
}
