package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Pause;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.EvaluateProfile.Request;
import dev.perennial.json.DueCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.TriggerCodec;
import dev.perennial.json.WebhookCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.Received;
import dev.perennial.lambda.SqsBatch;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * People of the queues {@code profile-changes} and {@code due-people}, each evaluated once for all
 * messages of a batch that name them.
 */
public final class EvaluateProfileHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final EvaluateProfile evaluateProfile;
  private final InstantSource clock;

  public EvaluateProfileHandler() {
    this(Environment.current());
  }

  private EvaluateProfileHandler(Environment environment) {
    this(evaluateProfile(environment), environment.clock());
  }

  EvaluateProfileHandler(EvaluateProfile evaluateProfile, InstantSource clock) {
    this.evaluateProfile = evaluateProfile;
    this.clock = clock;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return SqsBatch.partsTogether(event, context, EvaluateProfileHandler::read, this::evaluate);
  }

  private Set<String> evaluate(List<Received<Request>> messages) {
    Map<PersonId, Request> requests = new LinkedHashMap<>();
    for (Received<Request> message : messages) {
      requests.merge(message.body().person(), message.body(), Request::and);
    }
    Set<PersonId> contended = evaluateProfile.evaluate(requests.values(), clock);
    return messages.stream()
        .filter(message -> contended.contains(message.body().person()))
        .map(Received::id)
        .collect(Collectors.toSet());
  }

  private static List<Request> read(String body) {
    if (DueCodec.isTogether(body)) {
      return DueCodec.readTogether(body).stream()
          .map(due -> new Request(due.person(), Cause.TIME, List.of(due)))
          .toList();
    }
    ProfileChange change = ProfileChangeCodec.readMessage(body);
    return List.of(new Request(change.person(), change.cause(), List.of()));
  }

  static EvaluateProfile evaluateProfile(Environment environment) {
    Map<String, String> variables = environment.variables();
    var dynamo = DynamoClients.open(variables);
    String definitions = environment.require("TABLE_DEFINITIONS");
    Pause pause = Pause.withJitter(new SecureRandom());
    return new EvaluateProfile(
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, definitions),
            environment.workspace()),
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
        new DynamoMembers(dynamo, definitions, pause),
        new TellTransitions(
            new SqsPublisher<>(
                SqsClients.open(variables),
                environment.require("QUEUE_TRIGGERS"),
                TriggerCodec::writeMessage),
            new SqsPublisher<>(
                SqsClients.open(variables),
                environment.require("QUEUE_CROWD_TRIGGERS"),
                TriggerCodec::writeMessage),
            new SqsPublisher<>(
                SqsClients.open(variables),
                environment.require("QUEUE_WEBHOOKS"),
                WebhookCodec::writeMessage),
            new SqsPublisher<>(
                SqsClients.open(variables),
                environment.require("QUEUE_CROWD_WEBHOOKS"),
                WebhookCodec::writeMessage),
            DynamoCatalogs.webhooks(dynamo, variables)),
        new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE")),
        environment.workspace(),
        DynamoCatalogs.segments(dynamo, variables),
        pause);
  }
}
