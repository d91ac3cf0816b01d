package dev.perennial.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.Contended;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.testkit.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpApiTest {

  private final CountingKeys keys = new CountingKeys();
  private final Invocation invocation = new Invocation();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final HttpApi api =
      new HttpApi(
          new Authorizer(keys, () -> now),
          List.of(
              Route.of(
                  "GET /things/{id}",
                  Scope.READ,
                  request -> HttpAnswer.ok(new Text(request.path("id")))),
              Route.of(
                  "PUT /things/{id}",
                  Scope.WRITE,
                  request -> HttpAnswer.ok(request.object().required("name").value())),
              Route.open(
                  "POST /echo", request -> HttpAnswer.ok(Num.of(request.body(1_000).length))),
              Route.open("POST /gone", request -> HttpAnswer.noContent()),
              Route.open(
                  "POST /busy",
                  request -> {
                    throw new Contended("the thing");
                  }),
              Route.open(
                  "POST /fault",
                  request -> {
                    throw new IllegalStateException("secret@example.com");
                  })));

  @Test
  void answersWithTheKeyAndScopeOfTheRoute() {
    assertThat(get("Bearer sk_1").getStatusCode()).isEqualTo(200);
    assertThat(get("bearer  sk_1").getStatusCode()).isEqualTo(200);
    assertThat(get("Basic " + base64("sk_1:")).getStatusCode()).isEqualTo(200);
    assertThat(get("Bearer sk_1").getBody()).isEqualTo("\"7\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer nobody",
        "Basic %%%",
        "Basic Og==",
        "Digest x",
        "sk_1"
      })
  void unknownKeysAre401(String authorization) {
    APIGatewayV2HTTPResponse response = get(authorization);

    assertThat(response.getStatusCode()).isEqualTo(401);
    assertThat(response.getHeaders())
        .containsEntry("WWW-Authenticate", "Bearer")
        .containsEntry("Content-Type", "application/problem+json");
    assertThat(problem(response).text("type")).isEqualTo("/problems/unauthorized");
  }

  @Test
  void missingScopesAre403() {
    assertThat(get("Bearer wk_1").getStatusCode()).isEqualTo(403);
  }

  @Test
  void keysAreAskedForOncePerMinute() {
    get("Bearer sk_1");
    get("Bearer sk_1");
    assertThat(keys.asked).isEqualTo(1);

    now = now.plus(Duration.ofMinutes(1));
    get("Bearer sk_1");
    assertThat(keys.asked).isEqualTo(2);

    get("Bearer nobody");
    get("Bearer nobody");
    assertThat(keys.asked).isEqualTo(4);
  }

  @Test
  void problemsNameTheFieldAndTheRequest() {
    APIGatewayV2HTTPEvent event = event("PUT /things/{id}", "{\"name\":null}");
    event.setHeaders(Map.of("Authorization", "Bearer sk_1"));

    Fields problem = problem(api.answer(event, invocation));

    assertThat(problem.text("type")).isEqualTo("/problems/invalid-document");
    assertThat(problem.text("pointer")).isEqualTo("/name");
    assertThat(problem.get("status")).isEqualTo(Num.of(400));
    assertThat(problem.text("requestId")).isEqualTo("request-1");
  }

  @Test
  void brokenJsonIs400() {
    APIGatewayV2HTTPEvent event = event("PUT /things/{id}", "{\"name\":");
    event.setHeaders(Map.of("authorization", "Bearer sk_1"));

    assertThat(problem(api.answer(event, invocation)).text("type"))
        .isEqualTo("/problems/invalid-json");
  }

  @Test
  void whatOthersKeepChangingIs503AndMayBeAskedAgain() {
    APIGatewayV2HTTPResponse response = api.answer(event("POST /busy", ""), invocation);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getHeaders()).containsEntry("Retry-After", "1");
    assertThat(problem(response).text("detail")).startsWith("others keep changing the thing");
  }

  @Test
  void faultsTellNothing() {
    APIGatewayV2HTTPResponse response = api.answer(event("POST /fault", ""), invocation);

    assertThat(response.getStatusCode()).isEqualTo(500);
    assertThat(response.getBody() + invocation.logged()).doesNotContain("secret");
    assertThat(invocation.logged()).hasSize(1);
  }

  @Test
  void unknownRoutesAre404AndTrailingSlashesDoNotMatter() {
    assertThat(api.answer(event("POST /nothing", ""), invocation).getStatusCode()).isEqualTo(404);
    assertThat(api.answer(event("POST /gone/", ""), invocation).getStatusCode()).isEqualTo(204);
  }

  @Test
  void greedyRouteLeadsToTheResourceOfThePath() {
    assertThat(greedy("/gone/").getStatusCode()).isEqualTo(204);
    assertThat(greedy("/gone").getStatusCode()).isEqualTo(204);
    assertThat(greedy("/gone/further").getStatusCode()).isEqualTo(404);
  }

  @Test
  void bodiesAreBoundedAfterDecompression() throws IOException {
    assertThat(echo("x".repeat(1_000).getBytes(StandardCharsets.UTF_8)).getBody())
        .isEqualTo("1000");
    assertThat(echo(gzip(new byte[1_000])).getBody()).isEqualTo("1000");
    assertThat(echo(new byte[0]).getBody()).isEqualTo("0");

    assertThat(echo(new byte[1_001]).getStatusCode()).isEqualTo(413);
    assertThat(echo(gzip(new byte[1_001])).getStatusCode()).isEqualTo(413);
    assertThat(echo(gzip(new byte[100_000_000])).getStatusCode()).isEqualTo(413);
  }

  @Test
  void brokenEncodingsAre400() throws IOException {
    byte[] cut = gzip("a long enough text".getBytes(StandardCharsets.UTF_8));
    cut = Arrays.copyOf(cut, cut.length - 10);
    assertThat(echo(cut).getStatusCode()).isEqualTo(400);

    APIGatewayV2HTTPEvent event = event("POST /echo", "not base64!");
    event.setIsBase64Encoded(true);
    assertThat(api.answer(event, invocation).getStatusCode()).isEqualTo(400);
  }

  private APIGatewayV2HTTPResponse get(String authorization) {
    APIGatewayV2HTTPEvent event = event("GET /things/{id}", "");
    event.setHeaders(Map.of("authorization", authorization));
    return api.answer(event, invocation);
  }

  private APIGatewayV2HTTPResponse greedy(String path) {
    APIGatewayV2HTTPEvent event = event("POST /{path+}", "");
    event.setRawPath(path);
    event.setRequestContext(
        APIGatewayV2HTTPEvent.RequestContext.builder()
            .withHttp(
                APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod("POST").build())
            .build());
    return api.answer(event, invocation);
  }

  private APIGatewayV2HTTPResponse echo(byte[] body) {
    APIGatewayV2HTTPEvent event = event("POST /echo", Base64.getEncoder().encodeToString(body));
    event.setIsBase64Encoded(true);
    return api.answer(event, invocation);
  }

  private static APIGatewayV2HTTPEvent event(String routeKey, String body) {
    APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
    event.setRouteKey(routeKey);
    event.setPathParameters(Map.of("id", "7"));
    event.setBody(body);
    return event;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Fields problem(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }

  private static final class CountingKeys implements Keys {
    private final Map<String, Key> keys = new HashMap<>();
    int asked;

    CountingKeys() {
      put(new Key(Authorizer.hash("sk_1"), "secret", Kind.SECRET, Set.of(Scope.READ, Scope.WRITE)));
      put(new Key(Authorizer.hash("wk_1"), "write", Kind.WRITE, Set.of(Scope.INGEST)));
    }

    @Override
    public Optional<Key> find(String hash) {
      asked++;
      return Optional.ofNullable(keys.get(hash));
    }

    @Override
    public void put(Key key) {
      keys.put(key.hash(), key);
    }
  }
}
