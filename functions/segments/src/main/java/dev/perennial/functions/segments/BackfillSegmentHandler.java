package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoBackfills;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoPopulation;
import dev.perennial.aws.dynamodb.DynamoScorings;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.ImportMembers;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.RfmCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Work of the queue {@code backfills}: shards of people to evaluate by a segment that changed or to
 * score, changes of rules, and parts of imported lists.
 */
public final class BackfillSegmentHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /** Time, in milliseconds, that one step may take at worst. */
  private static final int STEP_MILLIS = 30_000;

  private final BackfillSegment backfillSegment;
  private final ImportMembers importMembers;
  private final ScoreCustomers scoreCustomers;
  private final StartBackfills startBackfills;
  private final Publisher<RulesChange> again;
  private final InstantSource clock;

  public BackfillSegmentHandler() {
    this(Environment.current());
  }

  private BackfillSegmentHandler(Environment environment) {
    this(
        backfillSegment(environment),
        importMembers(environment),
        scoreCustomers(environment),
        startBackfills(environment),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_BACKFILLS"),
            BackfillCodec::writeMessage),
        environment.clock());
  }

  BackfillSegmentHandler(
      BackfillSegment backfillSegment,
      ImportMembers importMembers,
      ScoreCustomers scoreCustomers,
      StartBackfills startBackfills,
      Publisher<RulesChange> again,
      InstantSource clock) {
    this.backfillSegment = backfillSegment;
    this.importMembers = importMembers;
    this.scoreCustomers = scoreCustomers;
    this.startBackfills = startBackfills;
    this.again = again;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.each(
        event,
        context,
        body -> {
          BooleanSupplier timeIsShort = () -> context.getRemainingTimeInMillis() < STEP_MILLIS;
          if (BackfillCodec.isScoring(body)) {
            scoreCustomers.work(BackfillCodec.readScoring(body), timeIsShort);
          } else if (BackfillCodec.isRulesChange(body)) {
            startBackfills
                .startAll(BackfillCodec.readRulesChange(body), timeIsShort)
                .ifPresent(left -> again.publish(List.of(left)));
          } else if (BackfillCodec.isPart(body)) {
            importMembers.take(BackfillCodec.readPart(body), clock);
          } else {
            backfillSegment.work(BackfillCodec.readMessage(body), timeIsShort);
          }
        });
  }

  private static BackfillSegment backfillSegment(Environment environment) {
    Map<String, String> variables = environment.variables();
    var dynamo = DynamoClients.open(variables);
    String definitions = environment.require("TABLE_DEFINITIONS");
    return new BackfillSegment(
        new DynamoDefinitions(dynamo, definitions),
        new DynamoPopulation(dynamo, environment.require("TABLE_PEOPLE"), people(environment)),
        new DynamoBackfills(dynamo, definitions),
        EvaluateProfileHandler.evaluateProfile(environment),
        new SqsPublisher<>(
            SqsClients.open(variables),
            environment.require("QUEUE_BACKFILLS"),
            BackfillCodec::writeMessage),
        () -> settle(DynamoCatalogs.freshFor(variables)),
        environment.clock());
  }

  private static DynamoPeople people(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    return new DynamoPeople(
        dynamo,
        environment.require("TABLE_PEOPLE"),
        new DynamoTotals(dynamo, environment.require("TABLE_DEFINITIONS")),
        environment.workspace());
  }

  private static ImportMembers importMembers(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String definitions = environment.require("TABLE_DEFINITIONS");
    return new ImportMembers(
        new DynamoDefinitions(dynamo, definitions),
        people(environment),
        EvaluateProfileHandler.evaluateProfile(environment));
  }

  private static StartBackfills startBackfills(Environment environment) {
    Map<String, String> variables = environment.variables();
    var sqs = SqsClients.open(variables);
    String queue = environment.require("QUEUE_BACKFILLS");
    return new StartBackfills(
        new DynamoDefinitions(
            DynamoClients.open(variables), environment.require("TABLE_DEFINITIONS")),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        environment.clock());
  }

  private static ScoreCustomers scoreCustomers(Environment environment) {
    Map<String, String> variables = environment.variables();
    var dynamo = DynamoClients.open(variables);
    var sqs = SqsClients.open(variables);
    String definitions = environment.require("TABLE_DEFINITIONS");
    String queue = environment.require("QUEUE_BACKFILLS");
    return new ScoreCustomers(
        new DynamoDefinitions(dynamo, definitions),
        new DynamoPopulation(dynamo, environment.require("TABLE_PEOPLE"), people(environment)),
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        new DynamoScorings(dynamo, definitions),
        DynamoCatalogs.segments(dynamo, variables),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        RfmCodec::write,
        () -> settle(DynamoCatalogs.freshFor(variables)),
        environment.clock());
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
