package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoQuarantine;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Pause;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.RecordEvents.Passed;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.EventCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.TriggerCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.Received;
import dev.perennial.lambda.SqsBatch;
import dev.perennial.lambda.StructuredLog;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Queue {@code events}: makes events part of the people they are about. */
public final class RecordEventsHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /**
   * Events of one owner that are applied on a day, unless {@code QUARANTINE_BEYOND} says otherwise.
   */
  private static final String MOST_A_DAY = "5000";

  private final RecordEvents recordEvents;

  public RecordEventsHandler() {
    this(wire(Environment.current()));
  }

  RecordEventsHandler(RecordEvents recordEvents) {
    this.recordEvents = recordEvents;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.together(
        event, context, EventCodec::readMessage, messages -> record(messages, context));
  }

  private Set<String> record(List<Received<List<Event>>> messages, Context context) {
    List<List<Event>> bodies = messages.stream().map(Received::body).toList();
    return recordEvents.record(bodies, passed -> warn(passed, context)).stream()
        .map(index -> messages.get(index).id())
        .collect(Collectors.toSet());
  }

  private static void warn(Passed passed, Context context) {
    new StructuredLog(context)
        .warn(
            "Events were not applied",
            Map.of(
                "refused", Num.of(passed.refused()),
                "different", Num.of(passed.different()),
                "quarantined", Num.of(passed.quarantined())));
  }

  private static RecordEvents wire(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    var sqs = SqsClients.open(environment.variables());
    DynamoTotals totals = new DynamoTotals(dynamo, environment.require("TABLE_DEFINITIONS"));
    return new RecordEvents(
            new DynamoPeople(
                dynamo, environment.require("TABLE_PEOPLE"), totals, environment.workspace()),
            new DynamoHistory(
                dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
            DynamoCatalogs.open(dynamo, environment.variables()),
            totals,
            new SqsPublisher<>(
                sqs,
                environment.require("QUEUE_PROFILE_CHANGES"),
                ProfileChangeCodec::writeMessage),
            new SqsPublisher<>(
                sqs, environment.require("QUEUE_TRIGGERS"), TriggerCodec::writeMessage),
            new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
            Identities.mostUserIds(environment),
            environment.clock(),
            Pause.withJitter(new SecureRandom()))
        .keepingAside(
            Integer.parseInt(environment.find("QUARANTINE_BEYOND").orElse(MOST_A_DAY)),
            new DynamoQuarantine(
                dynamo, environment.require("TABLE_HISTORY"), environment.workspace()));
  }
}
