package dev.perennial.functions.journeys;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoEnrollments;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.journey.AdvanceJourney;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.json.DueCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.SendRequestCodec;
import dev.perennial.json.TriggerCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.time.InstantSource;

/**
 * Queues {@code triggers}, {@code crowd-triggers} and {@code due-enrollments}: each message moves
 * one person, or says what they decided about messages. What a crowd asks to send waits in {@code
 * bulk-messages}, so that nobody's who just did something waits behind it.
 */
public final class AdvanceJourneyHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private static final String DUE_ENROLLMENTS = "due-enrollments";
  private static final String CROWD_TRIGGERS = "crowd-triggers";

  private final AdvanceJourney advanceJourney;
  private final AdvanceJourney advanceCrowd;
  private final HearConsent hearConsent;
  private final InstantSource clock;

  public AdvanceJourneyHandler() {
    this(Environment.current());
  }

  private AdvanceJourneyHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    DynamoPeople people =
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, environment.require("TABLE_DEFINITIONS")),
            environment.workspace());
    this(
        advanceJourney(environment, people, "QUEUE_MESSAGES"),
        advanceJourney(environment, people, "QUEUE_BULK_MESSAGES"),
        new HearConsent(
            environment.workspace(),
            people,
            new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE")),
            new SqsPublisher<>(
                SqsClients.open(environment.variables()),
                environment.require("QUEUE_PROFILE_CHANGES"),
                ProfileChangeCodec::writeMessage)),
        environment.clock());
  }

  AdvanceJourneyHandler(
      AdvanceJourney advanceJourney,
      AdvanceJourney advanceCrowd,
      HearConsent hearConsent,
      InstantSource clock) {
    this.advanceJourney = advanceJourney;
    this.advanceCrowd = advanceCrowd;
    this.hearConsent = hearConsent;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    // An invocation never mixes queues.
    String queue = event.getRecords().getFirst().getEventSourceArn();
    boolean timers = queue.endsWith(DUE_ENROLLMENTS);
    boolean crowd = timers || queue.endsWith(CROWD_TRIGGERS);
    AdvanceJourney advance = crowd ? advanceCrowd : advanceJourney;
    return SqsBatch.each(
        event,
        context,
        body -> {
          if (timers) {
            advance.advance(DueCodec.readMessage(body), clock.instant());
          } else {
            Trigger trigger = TriggerCodec.readMessage(body);
            hearConsent.hear(trigger);
            advance.advance(trigger, clock.instant());
          }
        });
  }

  private static AdvanceJourney advanceJourney(
      Environment environment, DynamoPeople people, String messages) {
    var dynamo = DynamoClients.open(environment.variables());
    return new AdvanceJourney(
        environment.workspace(),
        people,
        new DefinedJourneys(
            new DynamoDefinitions(dynamo, environment.require("TABLE_DEFINITIONS")),
            DynamoCatalogs.freshFor(environment.variables())),
        new DynamoEnrollments(dynamo, environment.require("TABLE_JOURNEYS")),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require(messages),
            SendRequestCodec::writeMessage));
  }
}
