package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Somebody whose script runs wild harms nobody, and nothing of it is lost. */
class QuarantineIT {

  @Test
  void whatIsTooMuchWaitsForTheTeam() {
    try (PlatformUnderTest platform = PlatformUnderTest.start(Map.of("QUARANTINE_BEYOND", "50"))) {
      PlatformClient client = platform.client();
      for (int batch = 0; batch < 4; batch++) {
        client.ingest("/v1/batch", batch(batch * 20, 20)).ok();
      }
      client
          .ingest("/v1/track", "{\"userId\":\"ada\",\"messageId\":\"a\",\"event\":\"Bought\"}")
          .ok();
      client.awaitIdle();

      var bot = client.profile("userId:bot").ok();
      assertThat(bot.number("counters.events")).isEqualTo(50);
      assertThat(client.profile("userId:ada").ok().number("counters.events")).isEqualTo(1);
      var kept = client.get("/v1/quarantine").ok().items();
      assertThat(kept).extracting(one -> one.text("identifier")).containsExactly("userId:bot");
      assertThat(bot.body().get("quarantine")).isNotNull();
      var tagged =
          client.post("/v1/profiles/" + bot.text("id") + "/tags", "{\"tags\":{\"bot\":true}}").ok();
      assertThat(tagged.body().get("quarantine")).isEqualTo(bot.body().get("quarantine"));
      assertThat(client.get("/v1/insights/totals").ok().number("quarantined")).isEqualTo(30);

      var released =
          client.post("/v1/quarantine/" + kept.getFirst().text("id") + "/release", "").ok();
      client.awaitIdle();

      assertThat(released.number("events")).isEqualTo(30);
      assertThat(released.number("left")).isZero();
      var after = client.profile("userId:bot").ok();
      assertThat(after.number("counters.events")).isEqualTo(80);
      assertThat(after.body().get("quarantine")).isNull();
      assertThat(client.get("/v1/quarantine").ok().items()).isEmpty();
      assertThat(client.get("/v1/profiles/" + after.text("id") + "/history?limit=200").ok().items())
          .hasSize(80);

      client
          .ingest("/v1/track", "{\"userId\":\"ada\",\"messageId\":\"a\",\"event\":\"Sold\"}")
          .ok();
      client.awaitIdle();
      assertThat(client.get("/v1/insights/totals").ok().number("different")).isEqualTo(1);
      var export = client.get("/v1/profiles/" + after.text("id") + "/export").ok();
      assertThat(export.body().toString()).contains("m79");
    }
  }

  private static String batch(int from, int n) {
    List<String> events =
        IntStream.range(from, from + n)
            .mapToObj(
                i ->
                    "{\"type\":\"track\",\"messageId\":\"m%d\",\"userId\":\"bot\",\"event\":\"Ran\"}"
                        .formatted(i))
            .toList();
    return events.stream().collect(Collectors.joining(",", "{\"batch\":[", "]}"));
  }
}
