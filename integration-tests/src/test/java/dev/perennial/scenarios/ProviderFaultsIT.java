package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
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
        .put("/v1/content/welcome", "{\"email\":{\"subject\":\"Welcome\",\"text\":\"Hello.\"}}")
        .ok();
    client
        .put(
            "/v1/journeys/welcome",
            "{\"name\":\"Welcome\",\"trigger\":{\"event\":\"Signed"
                + " Up\"},\"steps\":[{\"id\":\"mail\","
                + "\"send\":{\"content\":\"welcome\",\"channels\":[\"email\"]}}]}")
        .ok();
    client.post("/v1/journeys/welcome/launch", "").ok();
  }

  @AfterAll
  void close() {
    platform.close();
  }

  @ParameterizedTest
  @CsvSource({
    "lostReply, 1, unknown, 1",
    "reset,     1, unknown, 0",
    "500,       1, unknown, 0",
    "throttle,  1, sent,    1",
    "throttle,  3, sent,    1",
    "slow,      1, unknown, 1",
  })
  void aFaultEndsAsItsOutcomeSays(String fault, int times, String state, int messages) {
    client
        .post(
            "/local/faults",
            "{\"provider\":\"ses\",\"fault\":\"%s\",\"times\":%d}".formatted(fault, times))
        .ok();

    String user = fault.toLowerCase(Locale.ROOT) + times;
    signUp(user);

    assertThat(client.inbox(user + "@example.com")).hasSize(messages);
    assertThat(onlySend(user).text("state")).isEqualTo(state);
  }

  @Test
  void aReceiptSettlesWhatWasUnknownAndNothingIsSentAgain() {
    client.post("/local/faults", "{\"provider\":\"ses\",\"fault\":\"lostReply\",\"times\":1}").ok();
    signUp("late");
    assertThat(onlySend("late").text("state")).isEqualTo("unknown");

    client.advance(Duration.ofMinutes(1));

    Fields send = onlySend("late");
    assertThat(send.text("state")).isEqualTo("sent");
    assertThat(((Fields) Optional.ofNullable(send.get("receipts")).orElseThrow()).text("delivered"))
        .isNotNull();
    assertThat(client.inbox("late@example.com")).hasSize(1);
  }

  @Test
  void withoutAFaultItIsSent() {
    signUp("nobody-fails");

    assertThat(client.inbox("nobody-fails@example.com")).hasSize(1);
    assertThat(onlySend("nobody-fails").text("state")).isEqualTo("sent");
  }

  private void signUp(String user) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"identify","userId":"%s","traits":{"email":"%s@example.com"}},
             {"type":"track","userId":"%s","event":"Signed Up"}]}\
            """
                .formatted(user, user, user))
        .ok();
    client.awaitIdle();
  }

  private Fields onlySend(String user) {
    String id = Optional.ofNullable(client.profile("userId:" + user).ok().body().text("id")).get();
    assertThat(client.get("/v1/profiles/" + id + "/sends").ok().items()).hasSize(1);
    return client.get("/v1/profiles/" + id + "/sends").ok().items().getFirst();
  }
}
