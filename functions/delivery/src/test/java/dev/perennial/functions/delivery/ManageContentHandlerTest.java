package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManageContentHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Identifier USER = new Identifier(Namespace.USER_ID, "42");

  private final InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
  private final ManageContentHandler handler =
      new ManageContentHandler(
          "main", new SampleKeys(), new InMemoryDefinitions(), people, () -> NOW);

  /** A key that may do everything. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.values())));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("content has no keys");
    }
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return answer(envelope(sample));
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent request) {
    return handler.handleRequest(request, new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-content/" + sample + ".json");
  }

  private static Fields body(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }

  @Test
  void contentIsShownAsItWasPut() {
    Fields put = body(answer("put"));

    assertThat(put.text("id")).isEqualTo("welcome");
    assertThat(put.at("push.data.screen")).hasToString("Text[text=home]");
    assertThat(put.get("version")).isEqualTo(Num.of(1));
    assertThat(body(answer("put"))).isEqualTo(put);
    assertThat(body(answer("get"))).isEqualTo(put);
    assertThat(((Items) body(answer("list")).get("items")).items()).containsExactly(put);
  }

  @ParameterizedTest
  @CsvSource({"put-with-broken-template, /email/html", "put-without-rendition, ''"})
  void namesWhatIsWrong(String sample, String pointer) {
    APIGatewayV2HTTPResponse response = answer(sample);

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(body(response).text("pointer")).isEqualTo(pointer);
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
  }

  @Test
  void rendersForAPerson() {
    PersonId id = USER.hash("main");
    people.put(
        new Person(
            id,
            0,
            Map.of(USER, NOW),
            Set.of(),
            Map.of(USER, Samples.facet(USER)),
            Map.of(),
            List.of(),
            null,
            null));
    answer("put");

    assertThat(Json.text(body(answer("render"))))
        .isEqualTo("{\"subject\":\"Hi\",\"html\":\"<p></p>\",\"text\":\"Hi\"}");
    assertThat(answer("render-for-nobody").getStatusCode()).isEqualTo(404);
  }

  @Test
  void idsOfAnotherFormAreNobodys() {
    answer("put");
    APIGatewayV2HTTPEvent content = envelope("get");
    content.setPathParameters(Map.of("id", "a".repeat(1100)));
    APIGatewayV2HTTPEvent render = envelope("render-for-nobody");
    render.setBody("{\"profileId\":\"%s\",\"channel\":\"email\"}".formatted("a".repeat(5000)));

    assertThat(answer(content).getStatusCode()).isEqualTo(400);
    assertThat(answer(render).getStatusCode()).isEqualTo(404);
  }

  @Test
  void theDeletedIsGone() {
    answer("put");

    assertThat(answer("delete").getStatusCode()).isEqualTo(204);
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
  }
}
