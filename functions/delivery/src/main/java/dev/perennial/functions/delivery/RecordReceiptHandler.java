package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsEvents;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.delivery.RecordReceipt;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.ProviderNewsCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.time.Instant;
import java.time.InstantSource;

/** Queue {@code receipts}: what providers tell of messages, and what people answer. */
public final class RecordReceiptHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final RecordReceipt recordReceipt;
  private final InstantSource clock;

  public RecordReceiptHandler() {
    this(Environment.current());
  }

  private RecordReceiptHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String definitions = environment.require("TABLE_DEFINITIONS");
    DynamoConsents consents = new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE"));
    this(
        new RecordReceipt(
            environment.workspace(),
            new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, definitions),
            consents,
            new SqsPublisher<>(
                SqsClients.open(environment.variables()),
                environment.require("QUEUE_PROFILE_CHANGES"),
                ProfileChangeCodec::writeMessage),
            new SqsEvents(
                SqsClients.open(environment.variables()), environment.require("QUEUE_EVENTS"))),
        environment.clock());
  }

  RecordReceiptHandler(RecordReceipt recordReceipt, InstantSource clock) {
    this.recordReceipt = recordReceipt;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.each(
        event,
        context,
        body -> {
          Instant now = clock.instant();
          recordReceipt.record(ProviderNewsCodec.readMessage(body, now), now);
        });
  }
}
