package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoEnrollments;
import dev.perennial.aws.dynamodb.DynamoErasures;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoQuarantine;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Pause;
import dev.perennial.domain.erasure.ErasePerson;
import dev.perennial.json.DueCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.SqsBatch;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** Queue {@code erasures}: deletes what is kept of people who are to be forgotten. */
public final class ErasePersonHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final ErasePerson erasePerson;
  private final InstantSource clock;

  public ErasePersonHandler() {
    this(Environment.current());
  }

  private ErasePersonHandler(Environment environment) {
    this(wire(environment), environment.clock());
  }

  ErasePersonHandler(ErasePerson erasePerson, InstantSource clock) {
    this.erasePerson = erasePerson;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.each(
        event, context, body -> erasePerson.visit(DueCodec.readMessage(body), clock.instant()));
  }

  private static ErasePerson wire(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String people = environment.require("TABLE_PEOPLE");
    String definitions = environment.require("TABLE_DEFINITIONS");
    Pause pause = Pause.withJitter(new SecureRandom());
    DynamoTotals totals = new DynamoTotals(dynamo, definitions);
    DynamoConsents consents = new DynamoConsents(dynamo, people);
    DynamoHistory history =
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace());
    DynamoQuarantine quarantine =
        new DynamoQuarantine(dynamo, environment.require("TABLE_HISTORY"), environment.workspace());
    return new ErasePerson(
        environment.workspace(),
        new DynamoErasures(dynamo, people, definitions, totals, consents),
        new DynamoPeople(dynamo, people, totals, environment.workspace()),
        history,
        quarantine,
        new DynamoMembers(dynamo, definitions, pause),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        consents,
        Map.of(
            "historyPages",
            history,
            "enrollments",
            new DynamoEnrollments(dynamo, environment.require("TABLE_JOURNEYS")),
            "quarantined",
            quarantine,
            "sends",
            new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, definitions)),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_ERASURES"),
            DueCodec::writeMessage),
        pause);
  }
}
