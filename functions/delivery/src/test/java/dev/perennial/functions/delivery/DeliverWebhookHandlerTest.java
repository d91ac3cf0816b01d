package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.webhook.Webhook.Salt;
import dev.perennial.domain.webhook.WebhookCall;
import dev.perennial.domain.webhook.WebhookSender.Answer;
import dev.perennial.json.Json;
import dev.perennial.json.WebhookCodec;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryLinkKey;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sample has one membership of {@code bbb…} and one message that is none. */
final class DeliverWebhookHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final String MEMBERSHIP = "00000000-0000-4000-8000-000000000001";
  private static final String NONSENSE = "00000000-0000-4000-8000-000000000002";
  private static final PersonId BBB = new PersonId("bbbbbbbbbbbbbbbbbbbbbbbbbb");
  private static final Salt NEW = new Salt("new", null);

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final WebhookSecrets secrets = new WebhookSecrets(new InMemoryLinkKey());
  private final List<Posted> posted = new ArrayList<>();
  private InMemoryPeople people = Samples.people("main", BBB);
  private Answer answer = new Answer.Answered(204);
  private Instant now = NOW;
  private final SQSEvent event = Envelope.read(SQSEvent.class, "deliver-webhook/memberships.json");

  private record Posted(URI url, Map<String, String> headers, String body) {}

  @Test
  void aMembershipIsToldWithASignature() {
    define("quiet14", NEW);

    assertThat(failures()).containsExactly(NONSENSE);

    Posted post = posted.getFirst();
    assertThat(post.url()).isEqualTo(URI.create("https://hooks.example.com/in"));
    assertThat(post.body())
        .startsWith(
            "{\"type\":\"segment.entered\",\"timestamp\":\"2026-11-01T09:29:00Z\",\"data\":")
        .contains("\"segment\":\"quiet14\"", "\"userIds\":[\"id-bbb", "\"cause\":\"event\"");
    assertThat(post.headers())
        .containsEntry("webhook-timestamp", "" + NOW.getEpochSecond())
        .containsEntry("webhook-signature", signature(post, NEW));
  }

  @Test
  void aRepeatHasTheIdOfTheFirst() {
    define("quiet14", NEW);
    answer = new Answer.Answered(500);
    assertThat(failures()).containsExactly(MEMBERSHIP, NONSENSE);
    answer = new Answer.Answered(200);
    now = NOW.plusSeconds(180);

    assertThat(failures()).containsExactly(NONSENSE);

    assertThat(posted).hasSize(2);
    assertThat(posted.getLast().headers())
        .containsEntry("webhook-id", posted.getFirst().headers().get("webhook-id"))
        .containsEntry("webhook-timestamp", "" + now.getEpochSecond());
  }

  @Test
  void whateverIsNoSuccessComesAgain() {
    define("quiet14", NEW);
    for (Answer failure :
        List.of(
            new Answer.Answered(302),
            new Answer.Answered(404),
            new Answer.Forbidden("not public"),
            new Answer.Failed("late"))) {
      answer = failure;
      assertThat(failures()).containsExactly(MEMBERSHIP, NONSENSE);
    }
  }

  @Test
  void bothSecretsSignForADayAfterARotation() {
    Salt old = new Salt("old", NOW.plusSeconds(60));
    define("quiet14", NEW, old);
    failures();
    assertThat(posted.getLast().headers().get("webhook-signature"))
        .isEqualTo(signature(posted.getLast(), NEW) + " " + signature(posted.getLast(), old));

    now = NOW.plusSeconds(60);
    failures();
    assertThat(posted.getLast().headers())
        .containsEntry("webhook-signature", signature(posted.getLast(), NEW));
  }

  @Test
  void whoWasAbsorbedLeavesUnderTheFormerIdAndWithoutUserIds() {
    define("quiet14", NEW);
    Identifier user = new Identifier(Namespace.USER_ID, "42");
    Identifier device = new Identifier(Namespace.DEVICE_ID, "d");
    PersonId absorbed = device.hash("main");
    people.put(
        new Person(
            user.hash("main"),
            0,
            Map.of(user, NOW, device, NOW.minusSeconds(60)),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null));
    event
        .getRecords()
        .getFirst()
        .setBody(
            WebhookCodec.writeMessage(
                new WebhookCall(
                    "crm",
                    new Transition(absorbed, new SegmentId("quiet14"), 2, NOW, Cause.MERGE))));

    assertThat(failures()).containsExactly(NONSENSE);

    assertThat(posted.getFirst().body())
        .contains("\"profile\":\"" + absorbed.value() + "\"", "\"userIds\":[]");
  }

  @Test
  void nothingIsToldOfTheErasedNorToWhoeverDoesNotAskAnyMore() {
    define("others", NEW);
    assertThat(failures()).containsExactly(NONSENSE);
    definitions.delete(Kind.WEBHOOK, "crm");
    assertThat(failures()).containsExactly(NONSENSE);
    define("quiet14", NEW);
    people = Samples.people("main");
    assertThat(failures()).containsExactly(NONSENSE);

    assertThat(posted).isEmpty();
  }

  private void define(String segment, Salt... salts) {
    Fields document =
        (Fields)
            Json.read(
                "{\"url\":\"https://hooks.example.com/in\",\"segments\":[\"" + segment + "\"]}");
    definitions.put(
        Kind.WEBHOOK, "crm", WebhookCodec.stored(document, List.of(salts)), "live", NOW);
  }

  private String signature(Posted post, Salt salt) {
    byte[] secret =
        Base64.getDecoder().decode(secrets.secret("crm", salt).substring("whsec_".length()));
    return WebhookSecrets.signature(
        secret, String.valueOf(post.headers().get("webhook-id")), now, post.body());
  }

  private List<String> failures() {
    DeliverWebhookHandler handler =
        new DeliverWebhookHandler(
            definitions,
            people,
            secrets,
            (url, headers, body) -> {
              posted.add(new Posted(url, headers, new String(body, StandardCharsets.UTF_8)));
              return answer;
            },
            new SlowReceivers(Duration.ZERO, () -> 0),
            (_, _) -> {
              throw new AssertionError("nobody is slow");
            },
            () -> now);
    return handler.handleRequest(event, new Invocation()).getBatchItemFailures().stream()
        .map(BatchItemFailure::getItemIdentifier)
        .toList();
  }
}
