package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.channels.SocketWebhookSender;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoLinkKey;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.WebhookCall;
import dev.perennial.domain.webhook.WebhookSender;
import dev.perennial.domain.webhook.WebhookSender.Answer;
import dev.perennial.json.WebhookCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Queue {@code webhooks}: memberships told to other systems. Whatever is not answered with success
 * comes again by the queue's clock. Of whoever is erased meanwhile nothing is told.
 */
public final class DeliverWebhookHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final Definitions definitions;
  private final People people;
  private final WebhookSecrets secrets;
  private final WebhookSender sender;
  private final InstantSource clock;

  public DeliverWebhookHandler() {
    this(Environment.current());
  }

  private DeliverWebhookHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_DEFINITIONS");
    this(
        new DynamoDefinitions(dynamo, table),
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, table),
            environment.workspace()),
        new WebhookSecrets(new DynamoLinkKey(dynamo, table)),
        new SocketWebhookSender(ManageWebhooksHandler.targets(environment)),
        environment.clock());
  }

  DeliverWebhookHandler(
      Definitions definitions,
      People people,
      WebhookSecrets secrets,
      WebhookSender sender,
      InstantSource clock) {
    this.definitions = definitions;
    this.people = people;
    this.secrets = secrets;
    this.sender = sender;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.each(event, context, body -> deliver(WebhookCodec.readMessage(body)));
  }

  private void deliver(WebhookCall call) {
    Optional<Webhook> webhook =
        definitions
            .find(Kind.WEBHOOK, call.webhook())
            .map(stored -> WebhookCodec.read(stored.id(), stored.document()))
            .filter(known -> known.wants(call.transition()));
    Optional<Person> person = people.find(call.transition().person());
    if (webhook.isPresent() && person.isPresent()) {
      post(webhook.get(), call, person.get());
    }
  }

  /** Who was absorbed leaves under their own id, and has no user ids any more. */
  private void post(Webhook webhook, WebhookCall call, Person person) {
    PersonId told = call.transition().person();
    List<String> userIds =
        person.identifiers().keySet().stream()
            .filter(_ -> person.id().equals(told))
            .filter(identifier -> identifier.namespace().equals(Namespace.USER_ID))
            .map(identifier -> identifier.value())
            .sorted()
            .toList();
    String body = WebhookCodec.writeBody(call.transition(), userIds);
    Instant now = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", call.id());
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put("webhook-signature", secrets.sign(webhook, call.id(), now, body));
    switch (sender.post(webhook.url(), headers, body.getBytes(StandardCharsets.UTF_8))) {
      case Answer.Answered(int status) when status / 100 == 2 -> {}
      case Answer.Answered(int status) -> throw new NotDelivered(webhook, "answered " + status);
      case Answer.Forbidden(String reason) -> throw new NotDelivered(webhook, reason);
      case Answer.Failed(String reason) -> throw new NotDelivered(webhook, reason);
    }
  }

  /** The receiver did not take it, and may later. */
  static final class NotDelivered extends RuntimeException {
    NotDelivered(Webhook webhook, String reason) {
      super("the webhook " + webhook.id() + " was not told: " + reason, null, false, false);
    }
  }
}
