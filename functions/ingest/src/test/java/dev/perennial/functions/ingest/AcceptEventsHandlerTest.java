package dev.perennial.functions.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.EventCodec;
import dev.perennial.json.Json;
import dev.perennial.lambda.Authorizer;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEventsHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private final List<String> messages = new ArrayList<>();
  private final AcceptEventsHandler handler =
      new AcceptEventsHandler(new SampleKeys(), messages::addAll, () -> NOW);

  @Test
  void identifyShowsEveryIdentifierAndKeepsWhatIsUsed() {
    assertThat(answer("identify").getBody()).isEqualTo("{\"success\":true}");

    Event event = onlyEvent();
    assertThat(event.owner()).hasToString("userId:u-1");
    assertThat(event.others())
        .extracting(Identifier::toString)
        .containsExactly(
            "wecom:wm-1",
            "wechatUnion:un-1",
            "email:ada@example.com",
            "phone:+8613800138000",
            "wechat:wx1:o-1",
            "crm:crm-1",
            "deviceId:d-1",
            "anonymousId:a-1");
    assertThat(event.type()).isEqualTo(EventType.IDENTIFY);
    assertThat(event.trust()).isEqualTo(Trust.SERVER);
    assertThat(event.key()).isNull();
    assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-11-01T09:29:00Z"));
    assertThat(event.traits().get("plan")).isEqualTo(new Text("pro"));
    assertThat(Json.text(event.context()))
        .isEqualTo(
            "{\"timezone\":\"Asia/Shanghai\",\"locale\":\"zh-CN\","
                + "\"campaign\":{\"source\":\"newsletter\"},"
                + "\"device\":{\"token\":\"t-1\",\"type\":\"ios\"}}");
  }

  @Test
  void trackKeepsExactNumbers() {
    answer("track");

    Event event = onlyEvent();
    assertThat(event.name()).isEqualTo("Order Completed");
    assertThat(event.trust()).isEqualTo(Trust.CLIENT);
    assertThat(event.key()).isEqualTo("write");
    assertThat(event.properties().get("total")).isEqualTo(new Num(new BigDecimal("99.5")));
    assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-11-01T09:29:00.5Z"));
    assertThat(event.receivedAt()).isEqualTo(NOW);
  }

  @Test
  void aPagesCategoryIsAProperty() {
    answer("page");

    assertThat(onlyEvent().name()).isEqualTo("Home");
    assertThat(onlyEvent().properties().get("category")).isEqualTo(new Text("Docs"));
    assertThat(onlyEvent().timestamp()).isEqualTo(NOW);
  }

  @Test
  void whatAGroupIsSaysNothingOfThePerson() {
    answer("group");

    assertThat(onlyEvent().others()).isEmpty();
    assertThat(onlyEvent().traits()).isEqualTo(Fields.EMPTY);
    assertThat(onlyEvent().properties().get("groupId")).isEqualTo(new Text("acme"));
    assertThat(onlyEvent().properties().get("employees")).isEqualTo(Num.of(12));
  }

  @Test
  void aliasShowsTheFormerAnonymousId() {
    answer("alias");

    assertThat(onlyEvent().owner()).hasToString("userId:u-1");
    assertThat(onlyEvent().others())
        .extracting(Identifier::toString)
        .containsExactly("anonymousId:a-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"screen", "segment-java-import", "segment-node-batch", "rudderstack-node-batch"})
  void realClientsAreAccepted(String sample) {
    APIGatewayV2HTTPResponse response = answer(sample);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody()).isEqualTo("{\"success\":true}");
    assertThat(events()).isNotEmpty();
  }

  @Test
  void eventsOfOneOwnerTravelTogether() {
    answer("segment-java-import");

    assertThat(messages).hasSize(2);
    assertThat(EventCodec.readMessage(messages.getFirst()))
        .extracting(Event::messageId)
        .containsExactly("j-1", "j-2");
    assertThat(events())
        .allSatisfy(
            event -> assertThat(event.context().text("timezone")).isEqualTo("Europe/Paris"));
  }

  @Test
  void originalTimestampStandsIn() {
    answer("rudderstack-node-batch");

    assertThat(onlyEvent().timestamp()).isEqualTo(Instant.parse("2026-11-01T09:29:58Z"));
  }

  @Test
  void badItemsCostNoneOfTheirNeighbours() {
    APIGatewayV2HTTPResponse response = answer("batch-with-bad-items");

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(events()).extracting(Event::messageId).containsExactly("g-1", "g-2");
    Items rejected = (Items) ((Fields) Json.read(response.getBody())).get("rejected");
    assertThat(rejected.items())
        .extracting(item -> (Fields) item)
        .extracting(item -> Json.text(item.get("index")) + item.text("type") + item.text("pointer"))
        .containsExactly(
            "1/problems/invalid-event/batch/1/event",
            "2/problems/invalid-event/batch/2/userId",
            "3/problems/invalid-event/batch/3/userId",
            "4/problems/invalid-event/batch/4/userId",
            "5/problems/invalid-event/batch/5/type",
            "6/problems/invalid-event/batch/6",
            "7/problems/invalid-json/batch/7/properties/p" + "/0".repeat(30),
            "8/problems/invalid-event/batch/8/userId",
            "9/problems/invalid-event/batch/9/timestamp");
  }

  @Test
  void keysMayComeInTheBodyOnlyWhenTheHeaderHasNone() {
    String event = "{\"userId\":\"1\",\"event\":\"e\",\"writeKey\":\"%s\"}";
    assertThat(status("POST /v1/track", "", event.formatted("wk_local"))).isEqualTo(200);
    assertThat(status("POST /v1/track", "Basic Og==", event.formatted("wk_local"))).isEqualTo(200);
    assertThat(status("POST /v1/track", "", event.formatted("wk_other"))).isEqualTo(401);
    assertThat(status("POST /v1/track", "Bearer wk_other", event.formatted("wk_local")))
        .isEqualTo(401);
    assertThat(status("POST /v1/track", "Bearer sk_read", event.formatted("wk_local")))
        .isEqualTo(403);
    assertThat(answer("no-key").getStatusCode()).isEqualTo(401);

    assertThat(events()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST /v1/track    | {\"userId\":\"1\"                            | 400",
        "POST /v1/track    | []                                           | 400",
        "POST /v1/track    | ``                                           | 400",
        "POST /v1/track    | {\"userId\":\"1\",\"event\":7}               | 400",
        "POST /v1/track    | {\"userId\":\"1\",\"event\":\"\"}            | 400",
        "POST /v1/track    | {\"event\":\"e\"}                            | 400",
        "POST /v1/track    | {\"userId\":{},\"event\":\"e\"}              | 400",
        "POST /v1/track    | {\"userId\":\"a\\u0000b\",\"event\":\"e\"}   | 400",
        "POST /v1/track    | {\"userId\":\"1\",\"event\":\"e\",\"messageId\":\"\\u0001\"} | 400",
        "POST /v1/track    | {\"userId\":\"1\",\"event\":\"e\",\"properties\":[1]}        | 400",
        "POST /v1/track    | {\"userId\":\"1\",\"event\":\"e\",\"context\":\"x\"}         | 400",
        "POST /v1/identify | {\"userId\":\"1\",\"traits\":1}              | 400",
        "POST /v1/group    | {\"userId\":\"1\"}                           | 400",
        "POST /v1/alias    | {\"userId\":\"1\"}                           | 400",
        "POST /v1/alias    | {\"anonymousId\":\"1\",\"previousId\":\"2\"} | 400",
        "POST /v1/batch    | {}                                           | 400",
        "POST /v1/batch    | {\"batch\":{}}                               | 400",
        "POST /v1/batch    | {\"batch\":[],\"context\":1}                 | 400",
        "POST /v1/batch    | {\"batch\":[]}                               | 200"
      })
  void whatCanNeverSucceedIsRefusedAndNotPublished(String route, String body, int status) {
    assertThat(status(route, "Bearer wk_local", body)).isEqualTo(status);
    assertThat(messages).isEmpty();
  }

  @Test
  void sizesAreBounded() throws IOException {
    String event = "{\"userId\":\"1\",\"event\":\"e\",\"properties\":{\"p\":\"%s\"}}";
    int rest = event.length() - 2;

    assertThat(
            status(
                "POST /v1/track", "Bearer wk_local", event.formatted("x".repeat(32 * 1024 - rest))))
        .isEqualTo(200);
    assertThat(
            status(
                "POST /v1/track",
                "Bearer wk_local",
                event.formatted("x".repeat(32 * 1024 - rest + 1))))
        .isEqualTo(400);
    String batch = "{\"batch\":[],\"padding\":[" + "1,".repeat(255_900) + "1]}";
    assertThat(status("POST /v1/batch", "Bearer wk_local", batch)).isEqualTo(200);
    assertThat(status("POST /v1/batch", "Bearer wk_local", batch + " ".repeat(1_000)))
        .isEqualTo(413);
    assertThat(
            status(
                "POST /v1/batch", "Bearer wk_local", "{\"batch\":[" + "1,".repeat(10_000) + "1]}"))
        .isEqualTo(413);

    APIGatewayV2HTTPEvent bomb =
        event("POST /v1/batch", "Bearer wk_local", gzip(new byte[50_000_000]));
    bomb.setIsBase64Encoded(true);
    assertThat(handler.handleRequest(bomb, new Invocation()).getStatusCode()).isEqualTo(413);
  }

  @Test
  void nothingIsAnsweredBeforeTheQueueHasIt() {
    AcceptEventsHandler failing =
        new AcceptEventsHandler(
            new SampleKeys(),
            news -> {
              throw new IllegalStateException("queue down");
            },
            () -> NOW);

    APIGatewayV2HTTPResponse response =
        failing.handleRequest(
            Envelope.read(APIGatewayV2HTTPEvent.class, "accept-events/track.json"),
            new Invocation());

    assertThat(response.getStatusCode()).isEqualTo(500);
  }

  @Test
  void lambdaCanSendTheAnswer() {
    assertThat(Envelope.write(APIGatewayV2HTTPResponse.class, answer("track")))
        .contains("\"statusCode\":200", "{\\\"success\\\":true}");
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(
        Envelope.read(APIGatewayV2HTTPEvent.class, "accept-events/" + sample + ".json"),
        new Invocation());
  }

  private int status(String route, String authorization, String body) {
    return handler
        .handleRequest(event(route, authorization, body), new Invocation())
        .getStatusCode();
  }

  private static APIGatewayV2HTTPEvent event(String route, String authorization, String body) {
    APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
    event.setRouteKey(route);
    event.setHeaders(Map.of("authorization", authorization));
    event.setBody(body);
    return event;
  }

  private static String gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private List<Event> events() {
    return messages.stream().flatMap(message -> EventCodec.readMessage(message).stream()).toList();
  }

  private Event onlyEvent() {
    assertThat(events()).hasSize(1);
    return events().getFirst();
  }

  /** A write key, a secret key, and one that may only read. */
  private static final class SampleKeys implements Keys {
    private final List<Key> keys =
        List.of(
            new Key(Authorizer.hash("wk_local"), "write", Kind.WRITE, Set.of(Scope.INGEST)),
            new Key(Authorizer.hash("sk_local"), "secret", Kind.SECRET, Set.of(Scope.values())),
            new Key(Authorizer.hash("sk_read"), "read", Kind.SECRET, Set.of(Scope.READ)));

    @Override
    public Optional<Key> find(String hash) {
      return keys.stream().filter(key -> key.hash().equals(hash)).findFirst();
    }

    @Override
    public void put(Key key) {
      throw new UnsupportedOperationException();
    }
  }
}
