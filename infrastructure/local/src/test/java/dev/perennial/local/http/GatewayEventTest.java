package dev.perennial.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.perennial.topology.Topology;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayEventTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Routes routes = new Routes(Topology.functions());

  @Test
  void tellsLambdaEverythingAboutTheRequest() {
    APIGatewayV2HTTPEvent event =
        event(
            "PUT",
            "/v1/segments/caf%C3%A9",
            "limit=2&limit=3&to=a%20b",
            Map.of("content-type", "application/json", "x-two", "1,2", "cookie", "a=1; b=2"),
            "{\"name\":\"ü\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(event.getVersion()).isEqualTo("2.0");
    assertThat(event.getRouteKey()).isEqualTo("PUT /v1/segments/{id}");
    assertThat(event.getRawPath()).isEqualTo("/v1/segments/café");
    assertThat(event.getRawQueryString()).isEqualTo("limit=2&limit=3&to=a%20b");
    assertThat(event.getQueryStringParameters()).isEqualTo(Map.of("limit", "2,3", "to", "a b"));
    assertThat(event.getPathParameters()).isEqualTo(Map.of("id", "café"));
    assertThat(event.getHeaders())
        .isEqualTo(Map.of("content-type", "application/json", "x-two", "1,2"));
    assertThat(event.getCookies()).containsExactly("a=1", "b=2");
    assertThat(event.getBody()).isEqualTo("{\"name\":\"ü\"}");
    assertThat(event.getIsBase64Encoded()).isFalse();
    assertThat(event.getRequestContext().getRequestId()).isEqualTo("r-1");
    assertThat(event.getRequestContext().getTimeEpoch()).isEqualTo(NOON.toEpochMilli());
    assertThat(event.getRequestContext().getHttp().getMethod()).isEqualTo("PUT");
    assertThat(event.getRequestContext().getHttp().getSourceIp()).isEqualTo("127.0.0.1");
  }

  @Test
  void passesACompressedBodyOnAsItIs() {
    byte[] gzip = {31, -117, 8, 0, 1, 2, 3};

    APIGatewayV2HTTPEvent event =
        event(
            "POST",
            "/v1/batch",
            "",
            Map.of("content-type", "application/json", "content-encoding", "gzip"),
            gzip);

    assertThat(event.getIsBase64Encoded()).isTrue();
    assertThat(Base64.getDecoder().decode(event.getBody())).isEqualTo(gzip);
  }

  @Test
  void passesABodyOfAnotherTypeAsBase64() {
    byte[] form = "a=1".getBytes(StandardCharsets.UTF_8);

    APIGatewayV2HTTPEvent event =
        event(
            "POST",
            "/v1/batch",
            "",
            Map.of("content-type", "application/x-www-form-urlencoded"),
            form);

    assertThat(event.getIsBase64Encoded()).isTrue();
    assertThat(Base64.getDecoder().decode(event.getBody())).isEqualTo(form);
  }

  @Test
  void hasNoBodyWhenThereIsNone() {
    APIGatewayV2HTTPEvent event = event("GET", "/v1/segments", "", Map.of(), new byte[0]);

    assertThat(event.getBody()).isNull();
    assertThat(event.getQueryStringParameters()).isNull();
  }

  @Test
  void answersWhatTheFunctionAnswers() {
    Response response =
        GatewayEvent.response(
            "{\"statusCode\":201,\"headers\":{\"Content-Type\":\"image/gif\"},\"body\":\"AQI=\",\"isBase64Encoded\":true}"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(response.status()).isEqualTo(201);
    assertThat(response.headers()).isEqualTo(Map.of("content-type", "image/gif"));
    assertThat(response.body()).containsExactly(1, 2);
  }

  @Test
  void answers500WhenTheFunctionGivesNoResponse() {
    assertThat(GatewayEvent.response("null".getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(500);
    assertThat(GatewayEvent.response(new byte[0]).status()).isEqualTo(500);
  }

  private APIGatewayV2HTTPEvent event(
      String method, String path, String query, Map<String, String> headers, byte[] body) {
    Request request = new Request(method, path, query, headers, body, "127.0.0.1", "HTTP/1.1");
    byte[] json = GatewayEvent.of(request, routes.match(method, path).orElseThrow(), "r-1", NOON);
    return LambdaEventSerializers.serializerFor(
            APIGatewayV2HTTPEvent.class, APIGatewayV2HTTPEvent.class.getClassLoader())
        .fromJson(new ByteArrayInputStream(json));
  }
}
