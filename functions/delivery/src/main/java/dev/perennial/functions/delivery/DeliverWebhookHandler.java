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
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.DelayedPublisher;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Queues {@code webhooks} and {@code crowd-webhooks}: memberships told to other systems. Whatever
 * is not answered with success comes again by the queue's clock. Nobody waits for a slow receiver:
 * what is for one leaves {@code webhooks} for the queue of crowds, and there, while it is silent,
 * or had its share of the time, is put back untried, as a message of its own: what is not tried
 * spends none of the receives after which a message is dead. Of whoever is erased meanwhile nothing
 * is told.
 */
public final class DeliverWebhookHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private static final String CROWDS = "crowd-webhooks";

  /** Longest delay of a message. */
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

  /** Into how many parts a delay is divided, to spread calls over it. */
  private static final int SPREAD = 1_000;

  /** How long calls are put back while nobody answers; after that, that counts as a failure. */
  private static final Duration SILENT_FOR = Duration.ofMinutes(30);

  /** The same while somebody takes them slowly. */
  private static final Duration SLOW_FOR = Duration.ofDays(4);

  private final Definitions definitions;
  private final People people;
  private final WebhookSecrets secrets;
  private final WebhookSender sender;
  private final SlowReceivers slow;
  private final DelayedPublisher<WebhookCall> crowds;
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
        new SlowReceivers(
            Duration.parse(environment.variables().getOrDefault("SLOW_WEBHOOKS_FOR", "PT1M")),
            System::nanoTime),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_CROWD_WEBHOOKS"),
            WebhookCodec::writeMessage),
        environment.clock());
  }

  DeliverWebhookHandler(
      Definitions definitions,
      People people,
      WebhookSecrets secrets,
      WebhookSender sender,
      SlowReceivers slow,
      DelayedPublisher<WebhookCall> crowds,
      InstantSource clock) {
    this.definitions = definitions;
    this.people = people;
    this.secrets = secrets;
    this.sender = sender;
    this.slow = slow;
    this.crowds = crowds;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    boolean crowd = event.getRecords().getFirst().getEventSourceArn().endsWith(CROWDS);
    return SqsBatch.each(event, context, body -> deliver(WebhookCodec.readMessage(body), crowd));
  }

  private void deliver(WebhookCall call, boolean crowd) {
    if (!crowd && slow.isSlow(call.webhook())) {
      crowds.publish(call, Duration.ZERO);
    } else if (crowd && slow.isSilent(call.webhook())) {
      putBack(call, SILENT_FOR);
    } else if (crowd && slow.isResting(call.webhook())) {
      putBack(call, SLOW_FOR);
    } else {
      deliver(call);
    }
  }

  /** The longer it waits the later it comes again, and not with all others that wait. */
  private void putBack(WebhookCall call, Duration longest) {
    Instant now = clock.instant();
    Instant since = Objects.requireNonNullElse(call.waitsSince(), now);
    Duration waited = Duration.between(since, now);
    if (waited.compareTo(longest) >= 0) {
      throw new NotDelivered(call.webhook(), "it took nothing for long");
    }
    long most = Math.min(waited.toMillis(), LONGEST_DELAY.toMillis());
    long delay = most / SPREAD * Math.floorMod(call.id().hashCode(), SPREAD);
    crowds.publish(
        new WebhookCall(call.webhook(), call.transition(), since),
        Duration.ofMillis(Math.max(slow.remembered().toMillis(), delay)));
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
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    switch (slow.watched(webhook.id(), () -> sender.post(webhook.url(), headers, bytes))) {
      case Answer.Answered(int status) when status / 100 == 2 -> {}
      case Answer.Answered(int status) ->
          throw new NotDelivered(webhook.id(), "answered " + status);
      case Answer.Forbidden(String reason) -> throw new NotDelivered(webhook.id(), reason);
      case Answer.Failed(String reason) -> throw new NotDelivered(webhook.id(), reason);
    }
  }

  /** The receiver did not take it, and may later. */
  static final class NotDelivered extends RuntimeException {
    NotDelivered(String webhook, String reason) {
      super("the webhook " + webhook + " was not told: " + reason, null, false, false);
    }
  }
}
