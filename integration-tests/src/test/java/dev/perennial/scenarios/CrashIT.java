package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A function dies before its first call to AWS, and after each of its calls in turn, which is
 * before the next one. The queue delivers again, and the transition, the journey it starts and the
 * message it brings are neither lost nor doubled.
 */
class CrashIT {

  /** Deaths at later calls are those of other tests; past its last call a function lives on. */
  private static final int CALLS = 14;

  private static PlatformUnderTest platform;
  private static PlatformClient client;

  @BeforeAll
  static void start() {
    platform = PlatformUnderTest.start();
    client = platform.client();
    client.put("/v1/settings", "{\"quietHours\":null}").ok();
    client
        .put(
            "/v1/segments/signed-up",
            "{\"name\":\"Signed up\",\"where\":{\"event\":\"Signed Up\"}}")
        .ok();
    client.put("/v1/content/hello", "{\"email\":{\"subject\":\"Hello\",\"text\":\"Hello.\"}}").ok();
    client
        .put(
            "/v1/journeys/hello",
            """
            {"name":"Hello","trigger":{"segment":"signed-up","on":"entered"},
             "steps":[{"id":"mail","send":{"content":"hello","channels":["email"]}}]}\
            """)
        .ok();
    client.post("/v1/journeys/hello/launch", "").ok();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @AfterEach
  void disarm() {
    client.delete("/local/faults").ok();
  }

  static Stream<Arguments> crashes() {
    return Stream.of("RecordEvents", "EvaluateProfile", "AdvanceJourney")
        .flatMap(function -> moments().map(moment -> Arguments.of(function, moment[0], moment[1])));
  }

  private static Stream<Object[]> moments() {
    return Stream.concat(
        Stream.<Object[]>of(new Object[] {"before", 1}),
        IntStream.rangeClosed(1, CALLS).mapToObj(call -> new Object[] {"after", call}));
  }

  @ParameterizedTest(name = "{0} dies {1} call {2}")
  @MethodSource("crashes")
  void nothingIsLostOrDoubled(String function, String when, int call) {
    String user = function + "-" + when + "-" + call;
    long before = size();
    crash(function, when, call);

    signUp(user);

    assertThat(client.inbox(email(user))).hasSize(1);
    assertThat(size()).isEqualTo(before + 1);
    assertThat(client.profile("userId:" + user).ok().number("counters.events")).isEqualTo(2);
  }

  static Stream<Arguments> crashesWhileSending() {
    return moments().map(moment -> Arguments.of(moment[0], moment[1]));
  }

  @ParameterizedTest(name = "SendMessage dies {0} call {1}")
  @MethodSource("crashesWhileSending")
  void aMessageIsSentOnceOrKnownToBeUnknown(String when, int call) {
    String user = "send-" + when + "-" + call;
    crash("SendMessage", when, call);

    signUp(user);
    client.advance(Duration.ofMinutes(4));

    String profile = client.profile("userId:" + user).ok().text("id");
    var sends = client.get("/v1/profiles/" + profile + "/sends").ok().items();
    assertThat(sends).hasSize(1);
    String state = sends.getFirst().text("state");
    assertThat(client.inbox(email(user))).hasSizeLessThanOrEqualTo(1);
    assertThat(state).isIn("sent", "unknown");
    if (state.equals("sent")) {
      assertThat(client.inbox(email(user))).hasSize(1);
    }
  }

  private static void crash(String function, String when, int call) {
    client
        .post(
            "/local/faults",
            "{\"function\":\"%s\",\"crash\":\"%s\",\"call\":%d}".formatted(function, when, call))
        .ok();
  }

  private static void signUp(String user) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"identify","messageId":"i-%1$s","userId":"%1$s","traits":{"email":"%2$s"}},
                      {"type":"track","messageId":"t-%1$s","userId":"%1$s","event":"Signed Up"}]}\
            """
                .formatted(user, email(user)))
        .ok();
    client.awaitIdle();
  }

  private static long size() {
    return client.get("/v1/segments/signed-up").ok().number("size");
  }

  private static String email(String user) {
    return user.toLowerCase(java.util.Locale.ROOT) + "@example.com";
  }
}
