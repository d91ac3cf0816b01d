package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.Finding;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryPauseSwitch;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManageSendingHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final PersonId ANN = new PersonId("gjygjuc7sduxy6xnlrvjnga7j3");
  private static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");

  private final InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemoryPauseSwitch pauses = new InMemoryPauseSwitch();
  private final InMemorySends sends = new InMemorySends(consents, pauses, new InMemoryTotals());
  private final List<ProfileChange> changes = new ArrayList<>();
  private final ManageSendingHandler handler =
      new ManageSendingHandler(
          "main",
          new AnyKey(),
          new InMemoryDefinitions(),
          people,
          consents,
          sends,
          pauses,
          changes::addAll,
          () -> NOW);

  @BeforeEach
  void knowAnn() {
    Person person =
        new Person(ANN, 0, Map.of(EMAIL, NOW), Set.of(), Map.of(), Map.of(), List.of(), null, null);
    people.put(person);
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(envelope(sample), new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-sending/" + sample + ".json");
  }

  private Fields ok(String sample) {
    APIGatewayV2HTTPResponse response = answer(sample);
    assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
    return (Fields) Json.read(response.getBody());
  }

  private static List<Value> items(Fields body, String name) {
    return ((Items) Optional.ofNullable(body.get(name)).orElseThrow()).items();
  }

  @Test
  void raisesAFenceAfterARestoreAndNeverLowersIt() {
    assertThat(ok("fence-by-itself").text("fencedUntil")).isEqualTo("2026-11-01T09:45:00Z");
    assertThat(ok("fence").text("fencedUntil")).isEqualTo("2026-11-02T00:00:00Z");
    assertThat(ok("fence-by-itself").text("fencedUntil")).isEqualTo("2026-11-02T00:00:00Z");

    assertThat(answer("fence-too-far").getBody()).contains("\"pointer\":\"/until\"");
    assertThat(ok("sending").text("fencedUntil")).isEqualTo("2026-11-02T00:00:00Z");
  }

  @Test
  void pausesAndResumesOneChannelOrAll() {
    assertThat(items(ok("sending"), "paused")).isEmpty();
    assertThat(items(ok("pause"), "paused")).containsExactly(new Text("email"));
    assertThat(items(ok("pause-all"), "paused")).hasSize(3);
    assertThat(items(ok("resume"), "paused")).containsExactly(new Text("sms"), new Text("push"));
    assertThat(pauses.position().paused()).containsExactlyInAnyOrder(Channel.SMS, Channel.PUSH);
  }

  @Test
  void settingsAreShippedUntilPutAndShownAsPut() {
    assertThat(Json.text(ok("settings")))
        .isEqualTo(
            "{\"holdout\":0,\"timezone\":\"UTC\",\"quietHours\":{\"from\":\"21:00\",\"to\":\"08:00\"},"
                + "\"caps\":[],\"transactionalTopics\":[\"transactional\"],\"onlyOnceGranted\":[\"sms\"],"
                + "\"perAddressPerDay\":{\"email\":50,\"sms\":10,\"push\":50},"
                + "\"perWriteKeyPerHour\":{\"email\":10000,\"sms\":200,\"push\":10000},\"perSecond\":{}}");

    Fields put = ok("put-settings");

    assertThat(ok("settings")).isEqualTo(put);
    assertThat(put.get("quietHours")).isEqualTo(new Value.Null());
    assertThat(items(put, "caps")).hasSize(2);
    assertThat(put.text("timezone")).isEqualTo("Europe/Vienna");
  }

  @Test
  void namesTheSettingThatIsWrong() {
    APIGatewayV2HTTPResponse response = answer("put-settings-with-odd-cap");

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(((Fields) Json.read(response.getBody())).text("pointer")).isEqualTo("/caps/0/per");
    assertThat(items(ok("settings"), "caps")).isEmpty();
  }

  @Test
  void consentIsKeptUnderPersonAndAddressWithItsHistory() {
    Fields said = ok("consent");
    assertThat(changes).containsExactly(new ProfileChange(ANN, Cause.EVENT));

    assertThat(said.text("is")).isEqualTo("denied");
    assertThat(said.text("at")).isEqualTo("2026-11-01T09:30:00Z");
    assertThat(consents.of(ANN).consents()).hasSize(1);
    assertThat(consents.of(EMAIL.hash("main")).consents()).hasSize(1);
    assertThat(items(ok("consent-history"), "items")).containsExactly(said);
  }

  @Test
  void saysWhyInWords() {
    assertThat(items(ok("why"), "why"))
        .containsExactly(new Text("It has never asked to send this person anything."));
    assertThat(answer("why-nothing").getStatusCode()).isEqualTo(400);

    sends.store(
        new Send(
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            new SendRequest(
                ANN,
                "journey:welcome",
                "mail",
                "o1",
                "hello",
                List.of(Channel.EMAIL),
                "marketing",
                null),
            NOW,
            State.NOT_SENT,
            0,
            null,
            Set.of(),
            List.of(new Finding(Channel.EMAIL, Rule.CONSENT, false, "denied")),
            null,
            null,
            null),
        null);

    assertThat(items(ok("why"), "why"))
        .containsExactly(new Text("\"hello\" was not sent, because of email: consent (denied)."));
    assertThat(items(ok("decisions"), "items")).hasSize(1);
  }

  @Test
  void showsWhatBecameOfASend() {
    assertThat(answer("send").getStatusCode()).isEqualTo(404);
    PersonId ann = new PersonId("ann");
    sends.claim(
        new Send(
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            new SendRequest(
                ann,
                "journey:welcome",
                "mail",
                "o1",
                "welcome",
                List.of(Channel.EMAIL),
                "marketing",
                null),
            NOW,
            State.CLAIMED,
            1,
            new Address(Address.Kind.EMAIL, "ann@example.com"),
            Set.of(),
            List.of(new Finding(Channel.EMAIL, Rule.CONSENT, true, "granted")),
            null,
            null,
            null),
        null,
        new Fence(Map.of(), Set.of(), false));

    Fields send = ok("send");

    assertThat(send.text("state")).isEqualTo("claimed");
    assertThat(send.text("channel")).isEqualTo("email");
    assertThat(send.text("profileId")).isEqualTo("ann");
    Fields finding = (Fields) ((Items) send.get("decision")).items().getFirst();
    assertThat(finding.text("rule")).isEqualTo("consent");
  }

  @Test
  void anIdOfAnotherFormIsOfNoSend() {
    APIGatewayV2HTTPEvent send = envelope("send");
    send.setPathParameters(Map.of("id", "a".repeat(3000)));

    assertThat(handler.handleRequest(send, new Invocation()).getStatusCode()).isEqualTo(404);
  }
}
