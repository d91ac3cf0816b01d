package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Other systems hear of memberships, by signed posts that come again until they are taken. */
class WebhookIT {

  private static final String CRM = "/v1/webhooks/crm";

  @Test
  void membershipsAreToldUntilTheyAreTakenAndSignedByBothSecretsAfterARotation() {
    try (PlatformUnderTest platform = PlatformUnderTest.start();
        WebhookReceiver receiver = new WebhookReceiver()) {
      PlatformClient client = platform.client();
      client.clock(Instant.parse("2026-03-01T09:00:00Z"));
      client.put("/v1/segments/buyers", "{\"where\":{\"event\":\"Order Completed\"}}").ok();
      client
          .put(
              CRM,
              "{\"url\":\"" + receiver.url() + "\",\"segments\":[\"buyers\"],\"on\":[\"entered\"]}")
          .ok();
      client.awaitIdle();
      String first = secret(client, 0);
      receiver.refusals.set(2);

      order(client, "ada");

      assertThat(receiver.posts).hasSize(3).allMatch(post -> post.isSignedWith(first));
      assertThat(new HashSet<>(receiver.posts.stream().map(WebhookReceiver.Post::id).toList()))
          .hasSize(1);
      assertThat(receiver.posts.getFirst().body())
          .contains(
              "\"type\":\"segment.entered\"",
              "\"segment\":\"buyers\"",
              "\"userIds\":[\"ada\"]",
              "\"cause\":\"event\"",
              client.profile("userId:ada").ok().text("id"));

      client.post(CRM + "/rotate", "").ok();
      order(client, "bob");
      String second = secret(client, 0);
      assertThat(second).isNotEqualTo(first);
      assertThat(receiver.posts.getLast())
          .matches(post -> post.isSignedWith(first))
          .matches(post -> post.isSignedWith(second));

      theIdThatWasToldStaysGood(client, receiver.posts.getFirst(), receiver.posts.getLast());

      assertThat(client.delete("/v1/segments/buyers").status()).isEqualTo(409);
      client.delete(CRM).ok();
      order(client, "cem");
      assertThat(receiver.posts).hasSize(4);
    }
  }

  @Test
  void whoeverDoesNotAnswerHoldsUpNobodyAndIsToldOnceTheyDo() throws InterruptedException {
    try (PlatformUnderTest platform = PlatformUnderTest.start();
        WebhookReceiver good = new WebhookReceiver();
        WebhookReceiver silent = new WebhookReceiver()) {
      PlatformClient client = platform.client();
      client.clock(Instant.parse("2026-03-01T09:00:00Z"));
      client.put("/v1/segments/buyers", "{\"where\":{\"event\":\"Order Completed\"}}").ok();
      Map.of("good", good, "silent", silent)
          .forEach(
              (id, receiver) ->
                  client
                      .put(
                          "/v1/webhooks/" + id,
                          "{\"url\":\"" + receiver.url() + "\",\"segments\":[\"buyers\"]}")
                      .ok());
      client.awaitIdle();
      silent.silence.acquire(Integer.MAX_VALUE);

      long accepted = System.nanoTime();
      String orders =
          IntStream.range(0, 10)
              .mapToObj(
                  i ->
                      "{\"type\":\"track\",\"userId\":\"u"
                          + i
                          + "\",\"event\":\"Order Completed\"}")
              .collect(Collectors.joining(","));
      client.ingest("/v1/batch", "{\"batch\":[" + orders + "]}").ok();
      while (good.taken.size() < 10) {
        assertThat(System.nanoTime() - accepted).isLessThan(30_000_000_000L);
        client.get("/local/queues").ok();
      }
      System.out.printf(
          "Beside a receiver that never answers another one was told of 10 memberships within %d"
              + " ms%n",
          (System.nanoTime() - accepted) / 1_000_000);
      assertThat(silent.taken).isEmpty();

      silent.silence.release(Integer.MAX_VALUE);
      client.awaitIdle();
      // Those that were on their way when nobody answered come twice, and say so by their ids.
      assertThat(new HashSet<>(silent.taken)).hasSize(10);
      assertThat(good.taken).hasSize(10).doesNotHaveDuplicates();
    }
  }

  /** Whatever is learned of people later. */
  private static void theIdThatWasToldStaysGood(
      PlatformClient client, WebhookReceiver.Post ada, WebhookReceiver.Post bob) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"track","messageId":"early","anonymousId":"v0","event":"Seen",
              "timestamp":"2026-02-01T00:00:00Z"},
             {"type":"identify","messageId":"late","userId":"ada","anonymousId":"v0"}]}\
            """)
        .ok();
    client.awaitIdle();
    Fields shown = client.profile("userId:ada").ok().body();
    assertThat(shown.text("id")).isNotEqualTo(ada.profile());
    assertThat(client.get("/v1/profiles/" + ada.profile()).ok().body()).isEqualTo(shown);

    client.post("/v1/profiles/merge", "{\"identifiers\":[\"userId:ada\",\"userId:bob\"]}").ok();
    client.awaitIdle();
    shown = client.profile("userId:ada").ok().body();
    for (String told : List.of(ada.profile(), bob.profile())) {
      assertThat(client.get("/v1/profiles/" + told).ok().body()).isEqualTo(shown);
    }
  }

  private static void order(PlatformClient client, String userId) {
    client
        .ingest("/v1/track", "{\"userId\":\"" + userId + "\",\"event\":\"Order Completed\"}")
        .ok();
    client.awaitIdle();
  }

  private static String secret(PlatformClient client, int number) {
    Fields answer = client.get(CRM + "/secrets").ok().body();
    List<?> secrets = ((Items) Objects.requireNonNull(answer.get("secrets"))).items();
    return Objects.requireNonNull(((Fields) secrets.get(number)).text("secret"));
  }
}
