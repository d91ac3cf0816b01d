package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign up, be welcomed, buy, fall silent, be won back. */
class MainJobIT {

  private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

  private static final List<String> EVENTS =
      List.of(
          """
          {"type":"track","messageId":"m1","anonymousId":"v1","event":"Product Viewed",
           "timestamp":"2026-03-01T09:00:01Z","properties":{"sku":"a"}}\
          """,
          """
          {"type":"identify","messageId":"m2","userId":"ada","anonymousId":"v1",
           "timestamp":"2026-03-01T09:00:02Z","traits":{"email":"ada@example.com","plan":"free"}}\
          """,
          """
          {"type":"track","messageId":"m3","userId":"ada","event":"Signed Up",
           "timestamp":"2026-03-01T09:00:03Z"}\
          """,
          """
          {"type":"track","messageId":"m4","userId":"ada","event":"Order Completed",
           "timestamp":"2026-03-01T09:00:04Z","properties":{"total":12.5}}\
          """,
          """
          {"type":"identify","messageId":"m5","userId":"ada",
           "timestamp":"2026-03-01T09:00:05Z","traits":{"plan":"pro"}}\
          """,
          """
          {"type":"track","messageId":"m6","userId":"bob","event":"Order Completed",
           "timestamp":"2026-03-01T09:00:06Z","properties":{"total":120}}\
          """);

  @Test
  void theStoryEndsWithTwoMessages() {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      define(client);

      client.ingest("/v1/batch", "{\"batch\":[" + String.join(",", EVENTS) + "]}").ok();
      client.awaitIdle();
      assertThat(client.inbox("ada@example.com"))
          .extracting(message -> message.text("subject"))
          .containsExactly("Welcome");

      client.advance(Duration.ofDays(13));
      assertThat(client.inbox("ada@example.com")).hasSize(1);

      client.advance(Duration.ofDays(2));
      assertThat(client.inbox("ada@example.com"))
          .extracting(message -> message.text("subject"))
          .containsExactly("Welcome", "We miss you");
      assertThat(client.get("/v1/segments/quiet14").number("size")).isEqualTo(2);

      client.advance(Duration.ofDays(60));
      assertThat(client.inbox("ada@example.com")).hasSize(2);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void twiceAndInRandomOrderIsAsOnceAndInOrder(long seed) {
    List<String> shuffled =
        new ArrayList<>(Stream.concat(EVENTS.stream(), EVENTS.stream()).toList());
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(finalState(shuffled)).isEqualTo(finalState(EVENTS));
  }

  private static List<Fields> finalState(List<String> events) {
    try (PlatformUnderTest platform = PlatformUnderTest.start()) {
      PlatformClient client = platform.client();
      define(client);
      for (String event : events) {
        client.ingest("/v1/batch", "{\"batch\":[" + event + "]}").ok();
      }
      client.advance(Duration.ofDays(15));
      return Stream.of(
              Stream.of("userId:ada", "userId:bob").map(id -> client.profile(id).ok().body()),
              Stream.of(client.get("/v1/insights/totals").ok().body()),
              client.get("/v1/segments/quiet14/members").ok().items().stream(),
              client.inbox().stream()
                  .map(
                      message ->
                          new Fields(Collections.singletonMap("subject", message.get("subject")))))
          .flatMap(part -> part)
          .toList();
    }
  }

  private static void define(PlatformClient client) {
    client.clock(START);
    client
        .put(
            "/v1/segments/quiet14",
            "{\"name\":\"No order for 14 days\",\"where\":{\"event\":\"Order"
                + " Completed\",\"lastBefore\":\"P14D\"}}")
        .ok();
    content(client, "welcome", "Welcome");
    content(client, "miss-you", "We miss you");
    journey(client, "welcome", "{\"event\":\"Signed Up\"}");
    journey(client, "miss-you", "{\"segment\":\"quiet14\",\"on\":\"entered\"}");
  }

  private static void content(PlatformClient client, String id, String subject) {
    client
        .put(
            "/v1/content/" + id,
            "{\"email\":{\"subject\":\"" + subject + "\",\"text\":\"Hello.\"}}")
        .ok();
  }

  private static void journey(PlatformClient client, String id, String trigger) {
    client
        .put(
            "/v1/journeys/" + id,
            "{\"name\":\""
                + id
                + "\",\"trigger\":"
                + trigger
                + ",\"steps\":[{\"id\":\"mail\",\"send\":{\"content\":\""
                + id
                + "\",\"channels\":[\"email\"]}}]}")
        .ok();
    client.post("/v1/journeys/" + id + "/launch", "").ok();
  }
}
