package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoBackfills;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoPopulation;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.ImportMembers;
import dev.perennial.json.BackfillCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Work of the queue {@code backfills}: shards of people to evaluate by a segment that changed, and
 * parts of imported lists.
 */
public final class BackfillSegmentHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /** Time, in milliseconds, that one step may take at worst. */
  private static final int STEP_MILLIS = 30_000;

  private final BackfillSegment backfillSegment;
  private final ImportMembers importMembers;
  private final InstantSource clock;

  public BackfillSegmentHandler() {
    this(Environment.current());
  }

  private BackfillSegmentHandler(Environment environment) {
    this(backfillSegment(environment), importMembers(environment), environment.clock());
  }

  BackfillSegmentHandler(
      BackfillSegment backfillSegment, ImportMembers importMembers, InstantSource clock) {
    this.backfillSegment = backfillSegment;
    this.importMembers = importMembers;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.each(
        event,
        context,
        body -> {
          if (BackfillCodec.isPart(body)) {
            importMembers.take(BackfillCodec.readPart(body), clock.instant());
          } else {
            backfillSegment.work(
                BackfillCodec.readMessage(body),
                () -> context.getRemainingTimeInMillis() < STEP_MILLIS);
          }
        });
  }

  private static BackfillSegment backfillSegment(Environment environment) {
    Map<String, String> variables = environment.variables();
    var dynamo = DynamoClients.open(variables);
    String definitions = environment.require("TABLE_DEFINITIONS");
    String people = environment.require("TABLE_PEOPLE");
    return new BackfillSegment(
        new DynamoDefinitions(dynamo, definitions),
        new DynamoPopulation(
            dynamo,
            people,
            new DynamoPeople(
                dynamo, people, new DynamoTotals(dynamo, definitions), environment.workspace())),
        new DynamoBackfills(dynamo, definitions),
        EvaluateProfileHandler.evaluateProfile(environment),
        new SqsPublisher<>(
            SqsClients.open(variables),
            environment.require("QUEUE_BACKFILLS"),
            BackfillCodec::writeMessage),
        () -> settle(DynamoCatalogs.freshFor(variables)),
        environment.clock());
  }

  private static ImportMembers importMembers(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String definitions = environment.require("TABLE_DEFINITIONS");
    return new ImportMembers(
        new DynamoDefinitions(dynamo, definitions),
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, definitions),
            environment.workspace()),
        EvaluateProfileHandler.evaluateProfile(environment));
  }

  /** Twice as long as definitions are used without asking: a call may have been on its way. */
  private static void settle(Duration freshFor) {
    try {
      Thread.sleep(freshFor.multipliedBy(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while others learn of the change", e);
    }
  }
}
