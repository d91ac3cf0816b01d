package dev.perennial.functions.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.json.Json;
import dev.perennial.json.JsonObject;
import dev.perennial.lambda.Authorizer;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.Invocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManageProfilesHandlerTest {

  private final Stores stores = new Stores();
  private final InMemoryConsents consents = new InMemoryConsents();
  private final ManageProfilesHandler handler =
      new ManageProfilesHandler(
          new SampleKeys(),
          stores.people,
          stores.history,
          stores.showProfile(consents),
          new InMemorySends(consents),
          stores.totals,
          Stores.WORKSPACE,
          10,
          () -> Stores.NOW);

  @BeforeEach
  void recordEvents() {
    new RecordEventsHandler(stores.recordEvents())
        .handleRequest(
            Envelope.read(SQSEvent.class, "record-events/two-people.json"), new Invocation());
  }

  @Test
  void aProfileIsFoundByAnyIdentifier() {
    assertThat(ok("by-identifier").getBody())
        .isEqualTo(
            "{\"id\":\""
                + ID
                + "\",\"identifiers\":["
                + "{\"namespace\":\"anonymousId\",\"value\":\"a-1\",\"firstSeen\":\"2026-11-01T09:30:00Z\"},"
                + "{\"namespace\":\"email\",\"value\":\"ada@example.com\",\"firstSeen\":\"2026-11-01T09:30:00Z\",\"verified\":true},"
                + "{\"namespace\":\"userId\",\"value\":\"u-1\",\"firstSeen\":\"2026-11-01T09:30:00Z\"}],"
                + "\"traits\":{\"email\":\"ada@example.com\",\"plan\":\"pro\",\"timezone\":\"Europe/Berlin\"},"
                + "\"tags\":{\"new\":true},\"computed\":{\"arpu\":8.2917,\"average-order-value\":99.5,"
                + "\"orders\":1,\"referral-count\":0,\"repurchase-rate\":0,\"revenue\":99.5},"
                + "\"lifecycle\":\"new\",\"stage\":\"conversion\",\"segments\":[],\"counters\":{\"events\":2},\"consent\":[],"
                + "\"firstSeen\":\"2026-11-01T09:30:00Z\",\"lastSeen\":\"2026-11-01T09:31:00Z\",\"completeness\":0.6,\"tagCoverage\":0.25}");
  }

  @Test
  void nobodyIsNotFoundAndNobodysNameIsInvalid() {
    assertThat(handle("unknown").getStatusCode()).isEqualTo(404);
    assertThat(handle("blocked").getStatusCode()).isEqualTo(400);
  }

  @Test
  void aLongIdIsNobodysAndAnEmptyCursorIsTheFirstPage() {
    APIGatewayV2HTTPEvent identity = envelope("identity");
    identity.setPathParameters(Map.of("id", "a".repeat(3000)));
    assertThat(handler.handleRequest(identity, new Invocation()).getStatusCode()).isEqualTo(404);

    APIGatewayV2HTTPEvent history = envelope("history");
    Map<String, String> query = new HashMap<>(history.getQueryStringParameters());
    query.put("cursor", "");
    history.setQueryStringParameters(query);
    assertThat(handler.handleRequest(history, new Invocation()).getBody())
        .isEqualTo(ok("history").getBody());
  }

  @Test
  void identitySaysWhyTheseAreOnePerson() {
    JsonObject link = object("identity").required("links").list().getFirst().object();

    assertThat(link.required("a").text()).isEqualTo("userId:u-1");
    assertThat(link.required("b").text()).isEqualTo("email:ada@example.com");
    assertThat(link.required("outcome").text()).isEqualTo("joined");
    assertThat(link.required("reason").text())
        .isEqualTo(
            "Both were in the event m-1 of 2026-11-01T09:30:00Z, which came with a secret key.");
    assertThat(link.required("by").text()).isEqualTo("secret key");
  }

  @Test
  void historyComesNewestFirstInPages() {
    JsonObject first = object("history");
    APIGatewayV2HTTPEvent next = envelope("history");
    Map<String, String> query = new HashMap<>(next.getQueryStringParameters());
    query.put("cursor", first.required("cursor").text());
    next.setQueryStringParameters(query);
    JsonObject second =
        JsonObject.root(Json.read(handler.handleRequest(next, new Invocation()).getBody()));

    assertThat(messageId(first)).isEqualTo("m-2");
    assertThat(messageId(second)).isEqualTo("m-1");
    assertThat(second.optional("cursor")).isEmpty();
  }

  @Test
  void consentShowsInTheProfile() {
    PersonId stored = new PersonId(object("by-identifier").required("id").text());
    consents.save(
        stored,
        new Permissions(
            0,
            List.of(
                new Consent(Channel.EMAIL, "offers", Decision.DENIED, Stores.NOW, null, null))));

    assertThat(object("by-identifier").required("consent").list()).hasSize(1);
  }

  @Test
  void totalsCountPeopleAndEvents() {
    assertThat(ok("totals").getBody())
        .isEqualTo(
            "{\"profiles\":2,\"events\":3,\"refused\":0,\"different\":0,\"quarantined\":0,\"sends\":{}}");
  }

  private static final String ID = "gjygjuc7sduxy6xnlrvjnga7j3";

  private static String messageId(JsonObject page) {
    return page.required("items").list().getFirst().object().required("messageId").text();
  }

  private JsonObject object(String sample) {
    return JsonObject.root(Json.read(ok(sample).getBody()));
  }

  private APIGatewayV2HTTPResponse ok(String sample) {
    APIGatewayV2HTTPResponse response = handle(sample);
    assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
    return response;
  }

  private APIGatewayV2HTTPResponse handle(String sample) {
    return handler.handleRequest(envelope(sample), new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-profiles/" + sample + ".json");
  }

  private static final class SampleKeys implements Keys {

    @Override
    public Optional<Key> find(String hash) {
      Key key =
          new Key(
              Authorizer.hash("sk_local"), "sample", Kind.SECRET, Set.of(Scope.READ, Scope.WRITE));
      return Optional.of(key).filter(known -> known.hash().equals(hash));
    }

    @Override
    public void put(Key key) {
      throw new UnsupportedOperationException("no test adds keys");
    }
  }
}
