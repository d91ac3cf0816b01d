package dev.perennial.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.scenarios.PlatformClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What can never succeed is refused with a problem that says why, and leaves nothing behind. */
class BadInputIT {

  private static PlatformUnderTest platform;
  private static PlatformClient client;

  @BeforeAll
  static void start() {
    platform = PlatformUnderTest.start();
    client = platform.client();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @AfterEach
  void nothingIsStored() {
    client.awaitIdle();
    Fields totals = client.get("/v1/insights/totals").ok().body();
    assertThat(totals.get("profiles")).isEqualTo(Num.of(0));
    assertThat(totals.get("events")).isEqualTo(Num.of(0));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          broken JSON            | {"userId":"a",
          not an object          | [1,2]
          an id of a wrong type  | {"userId":{},"event":"E"}
          traits of a wrong type | {"userId":"a","event":"E","properties":7}
          no id                  | {"event":"E"}
          only a blocked id      | {"userId":"null","event":"E"}
          a control character    | {"userId":"a\\u0000b","event":"E"}
          a lone surrogate       | {"userId":"a\\ud800b","event":"E"}
          no event name          | {"userId":"a"}
          a timestamp of no kind | {"userId":"a","event":"E","timestamp":"yesterday"}
          """)
  void isABadRequest(String name, String body) {
    assertProblem(client.ingest("/v1/track", body), 400);
  }

  @Test
  void anEventOf33KilobytesIsTooLarge() {
    String body =
        "{\"userId\":\"a\",\"event\":\"E\",\"properties\":{\"p\":\""
            + "x".repeat(33 * 1024)
            + "\"}}";

    Answer answer = client.ingest("/v1/track", body);

    assertThat(answer.status()).isIn(400, 413);
    assertProblem(answer, answer.status());
  }

  @Test
  void aBatchOf501KilobytesIsTooLarge() {
    String event =
        "{\"type\":\"track\",\"userId\":\"a\",\"event\":\"E\",\"properties\":{\"p\":\""
            + "x".repeat(20 * 1024)
            + "\"}}";
    String body =
        "{\"batch\":["
            + (event + ",").repeat(24)
            + event
            + "],\"pad\":\""
            + "x".repeat(12_000)
            + "\"}";

    assertThat(body.length()).isGreaterThan(501 * 1024);
    assertProblem(client.ingest("/v1/batch", body), 413);
  }

  @Test
  void aGzipBombIsTooLarge() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 200; i++) {
        gzip.write(blanks);
      }
    }

    assertProblem(
        client.ingest("/v1/batch", bytes.toByteArray(), "wk_local", "content-encoding", "gzip"),
        413);
  }

  @Test
  void deepNestingIsABadRequest() {
    String body =
        "{\"userId\":\"a\",\"event\":\"E\",\"properties\":"
            + "{\"a\":".repeat(200)
            + "1"
            + "}".repeat(200)
            + "}";

    assertProblem(client.ingest("/v1/track", body), 400);
  }

  @Test
  void anUnknownOrMissingKeyIsUnauthorized() {
    byte[] body = "{\"userId\":\"a\",\"event\":\"E\"}".getBytes(StandardCharsets.UTF_8);

    assertProblem(client.ingest("/v1/track", body, "wk_unknown"), 401);
    assertProblem(client.ingest("/v1/track", body, ""), 401);
  }

  static Stream<Arguments> secretOperations() {
    return new ApiContract()
        .secretOperations().stream()
            .map(operation -> operation.split(" ", 2))
            .map(parts -> Arguments.of(parts[0], parts[1]));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("secretOperations")
  void aWriteKeyCanOnlyAppend(String method, String template) {
    String path = template.replaceAll("\\{[^}]+}", "x");

    assertProblem(client.ask(method, path, PlatformClient.WRITE_KEY), 403);
    assertProblem(client.ask(method, path, ""), 401);
  }

  @Test
  void aBatchTellsWhichItemsAreBad() {
    Answer answer =
        client.ingest(
            "/v1/batch",
            "{\"batch\":[{\"type\":\"track\",\"event\":\"E\"},{\"type\":\"dance\",\"userId\":\"a\"}]}");

    assertThat(answer.status()).isEqualTo(200);
    Items rejected = (Items) answer.body().get("rejected");
    assertThat(rejected.items()).hasSize(2);
    Fields second = (Fields) rejected.items().get(1);
    assertThat(second.get("index")).isEqualTo(Num.of(1));
    assertThat(second.text("pointer")).startsWith("/batch/1");
  }

  private static void assertProblem(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().text("type")).isNotBlank();
    assertThat(answer.body().text("title")).isNotBlank();
  }
}
