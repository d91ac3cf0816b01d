package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value;
import dev.perennial.json.Json;
import dev.perennial.json.JsonProblem;
import dev.perennial.json.Packed;
import dev.perennial.topology.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** After an erasure no table holds anything that anybody said of the person. */
class ErasureIT {

  /** No more than {@code ErasePerson} makes for these people. */
  private static final int CALLS = 55;

  /** Every call is too slow here; {@code ErasePersonTest} lets it die at each. */
  private static final int STEP = 9;

  private static PlatformUnderTest platform;
  private static PlatformClient client;

  @BeforeAll
  static void start() {
    platform = PlatformUnderTest.start();
    client = platform.client();
    client.clock(Instant.parse("2026-03-01T09:00:00Z"));
    client
        .put("/v1/segments/buyers", "{\"name\":\"Buyers\",\"where\":{\"event\":\"Bought\"}}")
        .ok();
    client.put("/v1/content/hello", "{\"email\":{\"subject\":\"Hello\",\"text\":\"Hi.\"}}").ok();
    client
        .put(
            "/v1/journeys/hello",
            """
            {"name":"Hello","trigger":{"event":"Bought"},"reentry":"always",
             "steps":[{"id":"mail","send":{"content":"hello","channels":["email"]}},
                      {"id":"wait","wait":"P3D"},
                      {"id":"again","send":{"content":"hello","channels":["email"]}}]}\
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

  @Test
  void nothingIsLeftAndNothingComesBack() {
    populate("one");
    // The person, a page of history, a message, an enrollment, consent and its history.
    assertThat(found("one")).hasSizeGreaterThanOrEqualTo(6);
    long profiles = profiles();
    long size = size();
    String id = id("one");
    complain("one");

    var erasure = client.delete("/v1/profiles/" + id).ok();
    client.awaitIdle();

    assertThat(erasure.status()).isEqualTo(202);
    assertThat(found("one")).isEmpty();
    assertThat(client.get("/v1/profiles/" + id).status()).isEqualTo(404);
    assertThat(client.profile("email:ann-one@example.com").status()).isEqualTo(404);
    assertThat(profiles()).isEqualTo(profiles - 1);
    assertThat(size()).isEqualTo(size - 1);
    var state = client.get("/v1/erasures/" + erasure.text("id")).ok();
    assertThat(state.text("state")).isEqualTo("erased");
    assertThat(state.number("counts.sends")).isEqualTo(1);
    assertThat(state.number("counts.historyPages")).isPositive();
    assertThat(client.delete("/v1/profiles/" + id).ok().text("id")).isEqualTo(erasure.text("id"));

    int inbox = client.inbox("ann-one@example.com").size();
    buy("one", "late");
    client.awaitIdle();
    client.advance(Duration.ofDays(5));
    assertThat(client.inbox("ann-one@example.com")).hasSize(inbox);
    assertThat(found("one")).isEmpty();
    assertThat(profiles()).isEqualTo(profiles - 1);
    assertThat(client.get("/v1/insights/totals").ok().number("refused")).isPositive();

    client.advance(Duration.ofDays(26));
    assertThat(client.get("/v1/erasures/" + erasure.text("id")).ok().text("state"))
        .isEqualTo("lapsed");
    buy("one", "later");
    client.awaitIdle();
    assertThat(client.profile("userId:ann-one").ok().number("counters.events")).isEqualTo(2);
    assertThat(size()).isEqualTo(size);

    // The complaint outlives it all, and whatever is imported.
    importOne();
    buy("one", "last");
    client.awaitIdle();
    assertThat(client.inbox("ann-one@example.com")).hasSize(inbox);
    assertThat(
            client.get("/v1/profiles/" + id("one") + "/why?journey=hello").ok().body().toString())
        .contains("a blocked address (complaint at ");
  }

  private static void complain(String name) {
    client
        .post(
            "/local/queues/receipts",
            """
            {"source":"aws.ses","detail-type":"Email Complaint Received","detail":{"eventType":"Complaint",
             "mail":{"messageId":"p1","destination":["ann-%s@example.com"],"tags":{"sendId":["gone"]}},
             "complaint":{"timestamp":"2026-03-01T09:00:00Z"}}}\
            """
                .formatted(name))
        .ok();
    client.awaitIdle();
  }

  /** By events of the team, a list, the list of suppressions, and consent. */
  private static void importOne() {
    client
        .post(
            "/v1/import",
            """
            {"batch":[{"type":"identify","userId":"ann-one","traits":{"email":"ann-one@example.com"}},
                      {"type":"track","userId":"ann-one","event":"Consent Changed",
                       "properties":{"channel":"email","topic":"all","is":"granted"}}]}\
            """)
        .ok();
    client.awaitIdle();
    client.post("/v1/suppressions/import", "identifier\nemail:ann-one@example.com\n").ok();
    client.put("/v1/segments/guests", "{\"members\":\"imported\"}").ok();
    client.post("/v1/segments/guests/import", "identifier\nemail:ann-one@example.com\n").ok();
    client
        .post(
            "/v1/profiles/" + id("one") + "/consent",
            "{\"channel\":\"email\",\"topic\":\"marketing\",\"is\":\"granted\"}")
        .ok();
    client.awaitIdle();
  }

  static Stream<Arguments> crashes() {
    return IntStream.iterate(1, call -> call <= CALLS, call -> call + STEP)
        .mapToObj(call -> Arguments.of(call));
  }

  @ParameterizedTest(name = "ErasePerson dies after call {0}")
  @MethodSource("crashes")
  void aCrashIsMadeGood(int call) {
    String name = "crash" + call;
    populate(name);
    long size = size();
    client
        .post(
            "/local/faults",
            "{\"function\":\"ErasePerson\",\"crash\":\"after\",\"call\":%d}".formatted(call))
        .ok();

    String erasure = client.delete("/v1/profiles/" + id(name)).ok().text("id");
    client.awaitIdle();

    assertThat(client.get("/local/faults").ok().items()).as("not yet dead").isEmpty();
    assertThat(found(name)).isEmpty();
    assertThat(client.get("/v1/erasures/" + erasure).ok().text("state")).isEqualTo("erased");
    assertThat(size()).isEqualTo(size - 1);
  }

  private static void populate(String name) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"identify","messageId":"i-%1$s","userId":"ann-%1$s","anonymousId":"browser-%1$s",
                       "traits":{"email":"Ann-%1$s@example.com","name":"name-%1$s"},
                       "context":{"device":{"id":"device-%1$s"}}},
                      {"type":"identify","messageId":"j-%1$s","userId":"bob","traits":{"email":"ann-%1$s@EXAMPLE.com"}}]}\
            """
                .formatted(name))
        .ok();
    client.awaitIdle();
    List<String> views = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      views.add(
          "{\"type\":\"track\",\"messageId\":\"v%2$d-%1$s\",\"userId\":\"ann-%1$s\",\"event\":\"Viewed\",\"properties\":{\"word\":\"word-%1$s\"}}"
              .formatted(name, n));
    }
    client.ingest("/v1/batch", "{\"batch\":[" + String.join(",", views) + "]}").ok();
    buy(name, "first");
    client.awaitIdle();
    client
        .post(
            "/v1/profiles/" + id(name) + "/consent",
            """
            {"channel":"email","topic":"offers","is":"granted","basis":"consent","source":"note-%s"}\
            """
                .formatted(name))
        .ok();
  }

  private static void buy(String name, String messageId) {
    client
        .ingest(
            "/v1/batch",
            """
            {"batch":[{"type":"track","messageId":"%2$s-%1$s","userId":"ann-%1$s","event":"Bought"},
                      {"type":"identify","messageId":"e%2$s-%1$s","userId":"ann-%1$s",
                       "traits":{"email":"ann-%1$s@example.com"}}]}\
            """
                .formatted(name, messageId))
        .ok();
  }

  private static String id(String name) {
    return client.profile("userId:ann-" + name).ok().text("id");
  }

  private static long profiles() {
    return client.get("/v1/insights/totals").ok().number("profiles");
  }

  private static long size() {
    return client.get("/v1/segments/buyers").ok().number("size");
  }

  /** Where any table holds a value of that person, packed or not. */
  private static List<String> found(String name) {
    List<String> values =
        Stream.of("ann-", "browser-", "device-", "name-", "word-", "note-")
            .map(value -> value + name)
            .toList();
    List<String> found = new ArrayList<>();
    try (DynamoDbClient tables = platform.tables()) {
      for (Table table : Table.values()) {
        for (Map<String, AttributeValue> item :
            tables.scanPaginator(scan -> scan.tableName(table.title())).items()) {
          String text = text(item).toLowerCase(Locale.ROOT);
          if (values.stream().anyMatch(value -> mentions(text, value))) {
            found.add(table.title() + " " + text);
          }
        }
      }
    }
    return found;
  }

  /** Lest {@code ann-crash1} be found in {@code ann-crash12}. */
  private static boolean mentions(String text, String value) {
    for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      int end = at + value.length();
      if (end == text.length() || !Character.isLetterOrDigit(text.charAt(end))) {
        return true;
      }
    }
    return false;
  }

  private static String text(Map<String, AttributeValue> item) {
    StringBuilder text = new StringBuilder(item.toString());
    item.values().stream()
        .map(value -> Optional.ofNullable(value.b()))
        .flatMap(Optional::stream)
        .forEach(
            bytes -> {
              text.append(new String(bytes.asByteArray(), StandardCharsets.ISO_8859_1));
              try {
                Value unpacked = Packed.unpack(bytes.asByteArray());
                text.append(Json.text(unpacked));
              } catch (JsonProblem e) {
                // Bytes of another kind, which were added as they are.
              }
            });
    return text.toString();
  }
}
