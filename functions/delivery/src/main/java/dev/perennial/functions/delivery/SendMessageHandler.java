package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.channels.ChannelClients;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoLeases;
import dev.perennial.aws.dynamodb.DynamoLinkKey;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsEvents;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.json.DueCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.SendRequestCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.time.InstantSource;

/**
 * Queue {@code messages}: each message is one wish to send; and {@code due-sends}: each is one that
 * was deferred until now. One that the provider provably did not take goes back to the queue, which
 * asks again later.
 */
public final class SendMessageHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private static final String DUE_SENDS = "due-sends";

  private final SendMessage sendMessage;
  private final InstantSource clock;

  public SendMessageHandler() {
    this(Environment.current());
  }

  private SendMessageHandler(Environment environment) {
    this(sendMessage(environment), environment.clock());
  }

  SendMessageHandler(SendMessage sendMessage, InstantSource clock) {
    this.sendMessage = sendMessage;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    // An invocation never mixes queues.
    boolean timers = event.getRecords().getFirst().getEventSourceArn().endsWith(DUE_SENDS);
    return SqsBatch.each(
        event,
        context,
        body -> {
          boolean done =
              timers
                  ? sendMessage.send(DueCodec.readMessage(body), clock.instant())
                  : sendMessage.send(SendRequestCodec.readMessage(body), clock.instant());
          if (!done) {
            throw new NotAccepted();
          }
        });
  }

  private static SendMessage sendMessage(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String people = environment.require("TABLE_PEOPLE");
    String definitions = environment.require("TABLE_DEFINITIONS");
    DynamoConsents consents = new DynamoConsents(dynamo, people);
    DynamoTotals totals = new DynamoTotals(dynamo, definitions);
    DynamoPauseSwitch pauses = new DynamoPauseSwitch(dynamo, definitions);
    DefinedSending defined =
        new DefinedSending(
            new DynamoDefinitions(dynamo, definitions),
            DynamoCatalogs.freshFor(environment.variables()));
    return new SendMessage(
        environment.workspace(),
        new DynamoPeople(dynamo, people, totals, environment.workspace()),
        consents,
        defined,
        defined,
        pauses,
        new LiquidTemplates(),
        environment
            .find("PUBLIC_URL")
            .<Links>map(
                url -> new SignedLinks(new LinkTokens(new DynamoLinkKey(dynamo, definitions)), url))
            .orElse(Links.NONE),
        new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, definitions),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        ChannelClients.open(environment.variables()),
        new RateLimit(new DynamoLeases(dynamo, environment.require("TABLE_SENDS"))),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_PROFILE_CHANGES"),
            ProfileChangeCodec::writeMessage),
        new SqsEvents(
            SqsClients.open(environment.variables()), environment.require("QUEUE_EVENTS")));
  }

  /** The provider did not take the message, and may later. */
  static final class NotAccepted extends RuntimeException {
    NotAccepted() {
      super("the provider did not accept the message", null, false, false);
    }
  }
}
