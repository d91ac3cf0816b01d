package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.webhook.Targets;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryLinkKey;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManageWebhooksHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private Instant now = NOW;
  private int salt;
  private Runnable meanwhile = () -> {};
  private final ManageWebhooksHandler handler =
      new ManageWebhooksHandler(
          new SampleKeys(),
          definitions,
          new WebhookSecrets(new InMemoryLinkKey()),
          new Targets(false),
          () -> "salt" + ++salt,
          this::now);

  /** A key that may do everything. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.values())));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("webhooks have no keys");
    }
  }

  @BeforeEach
  void defineSegments() {
    Fields where = (Fields) Json.read("{\"where\":{\"inactive\":\"P1D\"}}");
    definitions.put(Kind.SEGMENT, "quiet14", where, "ready", NOW);
  }

  @Test
  void aWebhookIsShownAsItWasPutAndWithoutItsSecret() {
    assertThat(answer("put").getBody())
        .isEqualTo(
            "{\"id\":\"crm\",\"url\":\"https://hooks.example.com/in\",\"segments\":[\"quiet14\"],"
                + "\"on\":[\"entered\"],\"version\":1,\"updatedAt\":\"2026-11-01T09:30:00Z\"}");
    assertThat(answer("get").getBody())
        .isEqualTo(answer("put").getBody().replace("\"version\":2", "\"version\":1"));
    assertThat(answer("list").getBody()).doesNotContain("salt").contains("\"id\":\"crm\"");
  }

  @Test
  void anEditKeepsTheSecretAndARotationKeepsBothForADay() {
    answer("put");
    String first = secret(answer("secrets"), 0);
    assertThat(first).startsWith("whsec_");
    answer("put");
    assertThat(secret(answer("secrets"), 0)).isEqualTo(first);

    String second = secret(answer("rotate"), 0);

    assertThat(second).isNotEqualTo(first);
    assertThat(secret(answer("secrets"), 1)).isEqualTo(first);
    now = NOW.plusSeconds(24 * 3600);
    assertThat(answer("secrets").getBody()).contains(second).doesNotContain(first);
    assertThat(definitions.find(Kind.WEBHOOK, "crm").orElseThrow().document().toString())
        .doesNotContain(second);
  }

  @Test
  void anEditWhileTheSecretIsRotatedKeepsTheNewOne() {
    answer("put");
    List<String> rotated = new ArrayList<>();
    meanwhile =
        () -> {
          Runnable again = meanwhile;
          meanwhile = () -> {};
          rotated.add(secret(answer("rotate"), 0));
          meanwhile = again;
        };

    answer("put");

    meanwhile = () -> {};
    assertThat(secret(answer("secrets"), 0)).isEqualTo(rotated.getLast());
  }

  @Test
  void oneThatIsMadeAnewHasANewSecret() {
    answer("put");
    String first = secret(answer("secrets"), 0);
    assertThat(answer("delete").getStatusCode()).isEqualTo(204);
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
    answer("put");

    assertThat(secret(answer("secrets"), 0)).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'url':'http://example.com','segments':['quiet14']} | /url",
        "{'url':'https://10.0.0.1/','segments':['quiet14']} | /url",
        "{'url':'https://exa mple.com/','segments':['quiet14']} | /url",
        "{'url':'https://example.com/','segments':['nobody']} | /segments/0",
        "{'url':'https://example.com/','tags':['nobody']} | /tags/0",
        "{'url':'https://example.com/','segments':['quiet14'],'on':['left']} | /on/0",
        "{'url':'https://example.com/','segments':['quiet14'],'on':[]} | /on",
        "{'url':'https://example.com/','segments':['quiet14'],'salts':[]} | /salts",
        "{'url':'https://example.com/'} | ''"
      })
  void whatIsWrongIsNamed(String document, String pointer) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setBody(document.replace('\'', '"'));

    APIGatewayV2HTTPResponse refused = handler.handleRequest(event, new Invocation());

    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(
            Optional.ofNullable(((Fields) Json.read(refused.getBody())).text("pointer")).orElse(""))
        .isEqualTo(pointer.replace("''", ""));
    assertThat(definitions.list(Kind.WEBHOOK)).isEmpty();
  }

  private Instant now() {
    meanwhile.run();
    return now;
  }

  private static String secret(APIGatewayV2HTTPResponse answer, int number) {
    String[] parts = answer.getBody().split("\"secret\":\"", -1);
    return parts[number + 1].substring(0, parts[number + 1].indexOf('"'));
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(envelope(sample), new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-webhooks/" + sample + ".json");
  }
}
