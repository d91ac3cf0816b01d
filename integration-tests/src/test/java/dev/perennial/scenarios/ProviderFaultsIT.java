package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever way a provider fails, nobody gets a message twice: what is provably not accepted is
 * tried again, what may have been accepted is unknown and stays so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderFaultsIT {

  private final PlatformUnderTest platform = PlatformUnderTest.start();
  private final PlatformClient client = platform.client();

  ProviderFaultsIT() {
    client.clock(Instant.parse("2026-03-01T10:00:00Z"));
    client
        .put(
            "/v1/content/note",
            "{\"email\":{\"subject\":\"Hi\",\"text\":\"Hello.\"},\"push\":{\"title\":\"Hi\",\"body\":\"Hello.\"}}")
        .ok();
  }

  @AfterAll
  void close() {
    platform.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ses,      lostReply, 1, unknown, 1",
    "ses,      reset,     1, unknown, 0",
    "ses,      500,       1, unknown, 0",
    "ses,      throttle,  1, sent,    1",
    "ses,      throttle,  3, sent,    1",
    "ses,      throttle,  4, deferred, 0",
    "pinpoint, lostReply, 1, unknown, 1",
    "pinpoint, reset,     1, unknown, 0",
    "pinpoint, 500,       1, unknown, 0",
    "pinpoint, throttle,  3, sent,    1",
  })
  void aFaultEndsAsItsOutcomeSays(
      String provider, String fault, int times, String state, int messages) {
    arm(provider, fault, times);

    String user = provider + "-" + fault.toLowerCase(Locale.ROOT) + times;
    String send = ask(user, provider.equals("ses") ? "email" : "push");
    client.awaitIdle();

    assertThat(received(user)).isEqualTo(messages);
    assertThat(client.get("/v1/sends/" + send).ok().text("state")).isEqualTo(state);
  }

  @Test
  void whoAnswersTooLateMayHaveAccepted() {
    arm("ses", "slow", 1);
    arm("pinpoint", "slow", 1);

    List<String> sends = List.of(ask("slow1", "email"), ask("slow2", "push"));
    client.awaitIdle();

    assertThat(sends)
        .map(send -> client.get("/v1/sends/" + send).ok().text("state"))
        .containsExactly("unknown", "unknown");
    assertThat(received("slow1") + received("slow2")).isEqualTo(2);
  }

  @Test
  void aReceiptSettlesWhatWasUnknownAndNothingIsSentAgain() {
    arm("ses", "lostReply", 1);
    String id = ask("late", "email");
    client.awaitIdle();
    assertThat(client.get("/v1/sends/" + id).ok().text("state")).isEqualTo("unknown");

    client.advance(Duration.ofMinutes(1));

    Fields send = client.get("/v1/sends/" + id).ok().body();
    assertThat(send.text("state")).isEqualTo("sent");
    assertThat(((Fields) Optional.ofNullable(send.get("receipts")).orElseThrow()).text("delivered"))
        .isNotNull();
    assertThat(received("late")).isEqualTo(1);
  }

  private void arm(String provider, String fault, int times) {
    client
        .post(
            "/local/faults",
            "{\"provider\":\"%s\",\"fault\":\"%s\",\"times\":%d}".formatted(provider, fault, times))
        .ok();
  }

  /** The id of a send to somebody new. */
  private String ask(String user, String channel) {
    client
        .ingest(
            "/v1/identify",
            """
            {"userId":"%1$s","traits":{"email":"%1$s@example.com"},
             "context":{"device":{"id":"%1$s","token":"%1$s"}}}\
            """
                .formatted(user))
        .ok();
    client.awaitIdle();
    return client
        .post(
            "/v1/messages",
            """
            {"person":"userId:%s","content":"note","channels":["%s"]}\
            """
                .formatted(user, channel),
            "Idempotency-Key",
            user)
        .ok()
        .text("id");
  }

  private int received(String user) {
    return client.inbox(user + "@example.com").size() + client.inbox(user).size();
  }
}
