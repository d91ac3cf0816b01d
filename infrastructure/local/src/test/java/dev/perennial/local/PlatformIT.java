package dev.perennial.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The platform as it starts: its front, and what exists only locally. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformIT {

  private static final Path ROOT = Path.of("../..");

  private final Platform platform = Platform.start(Platform.Options.inMemory(ROOT));
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterAll
  void close() {
    http.close();
    platform.close();
  }

  @Test
  void aBusyPortIsNamedWithItsRemedy() {
    int port = platform.uri().getPort();

    assertThatThrownBy(() -> Platform.start(new Platform.Options(port, null, ROOT, Map.of())))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("Port " + port + " is in use")
        .hasMessageContaining("-Dlocal.port=");
  }

  @Test
  void aPortWithoutRightsIsNotSaidToBeInUse() {
    assertThat(Platform.portNotTaken(80, new BindException("Permission denied")))
        .hasMessageContaining("Port 80 is not yours to open")
        .hasMessageContaining("-Dlocal.port=");
  }

  @Test
  void aFolderOfStateIsForOnePlatform(@TempDir Path data) throws Exception {
    try (DataLock _ = DataLock.take(data)) {
      assertThatThrownBy(() -> Platform.start(new Platform.Options(0, data, ROOT, Map.of())))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("Another platform keeps its state in " + data);
    }
    DataLock.take(data).close();
  }

  @Test
  void aFolderThatIsAFileIsNamedWithItsRemedy(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> Main.data(file.toString()))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("-Dlocal.data=" + file);
  }

  @Test
  void twoPlatformsInMemoryWriteTwoLogs() {
    try (Platform other = Platform.start(Platform.Options.inMemory(ROOT))) {
      assertThat(other.log()).isNotEqualTo(platform.log()).exists();
    }
  }

  @Test
  void anEventThatLambdaWouldNotTakeIsRefused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(platform.uri().resolve("/v1/batch"))
            .POST(BodyPublishers.ofByteArray(new byte[7 * 1024 * 1024]))
            .build();

    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
  }

  @Test
  void aRepositoryWithoutPackagesIsNamedWithItsRemedy() {
    assertThatThrownBy(() -> Platform.start(Platform.Options.inMemory(Path.of("src"))))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("mvn -Plocal");
  }

  @Test
  void theClockGoesBackWhileNobodyExistsAndForwardAlways() throws Exception {
    assertThat(send("POST", "/local/clock", "{\"at\":\"1997-01-01T00:00:00Z\"}").body())
        .isEqualTo("{\"at\":\"1997-01-01T00:00:00Z\",\"standing\":true}");
    assertThat(send("POST", "/local/clock", "{\"advance\":\"P30DT1S\"}").body())
        .contains("1997-01-31T00:00:01Z");
    assertThat(send("GET", "/local/clock", "").body()).contains("1997-01-31T00:00:01Z");
    assertThat(send("GET", "/local/idle", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aWrongMoveIsRefused() throws Exception {
    for (String body :
        new String[] {
          "",
          "{",
          "[]",
          "{}",
          "{\"at\":1}",
          "{\"at\":\"yesterday\"}",
          "{\"advance\":\"P1Y\"}",
          "{\"advance\":\"PT9999999999999H\"}",
          "{\"at\":\"1997-01-01T00:00:00Z\",\"advance\":\"P1D\"}"
        }) {
      HttpResponse<String> response = send("POST", "/local/clock", body);

      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(response.headers().firstValue("content-type"))
          .hasValue("application/problem+json");
      assertThat(response.body())
          .contains("\"type\":\"/problems/invalid-request\"", "\"title\":\"Invalid request\"");
    }
  }

  @Test
  void aFaultMustBeKnown() throws Exception {
    assertThat(
            send("POST", "/local/faults", "{\"provider\":\"ses\",\"fault\":\"reset\",\"times\":2}")
                .statusCode())
        .isEqualTo(204);
    assertThat(
            send(
                    "POST",
                    "/local/faults",
                    "{\"function\":\"RecordEvents\",\"crash\":\"after\",\"call\":2}")
                .statusCode())
        .isEqualTo(204);
    assertThat(send("DELETE", "/local/faults", "").statusCode()).isEqualTo(204);
    assertThat(send("POST", "/local/faults", "{\"provider\":\"fax\"}").statusCode()).isEqualTo(400);
    assertThat(
            send("POST", "/local/faults", "{\"function\":\"Nobody\",\"crash\":\"after\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void theInboxIsEmptyAtFirst() throws Exception {
    assertThat(send("GET", "/local/inbox?channel=email", "").body()).isEqualTo("{\"items\":[]}");
    assertThat(send("GET", "/local/inbox/none/raw", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatHasNoRouteIsNotFound() throws Exception {
    assertThat(send("GET", "/v1/nothing", "").statusCode()).isEqualTo(404);
    assertThat(send("PATCH", "/v1/track", "{}").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/local/nothing", "").statusCode()).isEqualTo(404);
  }

  @Test
  void browsersMayCall() throws Exception {
    HttpResponse<String> preflight = send("OPTIONS", "/v1/track", "");

    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin")).hasValue("*");
    assertThat(preflight.headers().firstValue("access-control-allow-headers"))
        .hasValue("authorization,content-type,content-encoding,idempotency-key");
  }

  @Test
  void moreThanTenMegabytesAreRefused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(platform.uri().resolve("/v1/batch"))
            .POST(BodyPublishers.ofByteArray(new byte[10 * 1024 * 1024 + 1]))
            .build();

    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(platform.uri().resolve(path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
