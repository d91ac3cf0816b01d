package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoErasures;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.erasure.RequestErasure.Answer;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.json.DueCodec;
import dev.perennial.json.ErasureCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What people may ask of whoever keeps data about them: to be forgotten. */
public final class ManagePrivacyHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /**
   * How long identifiers of the erased stay refused, unless {@code ERASED_REFUSED_FOR} says
   * otherwise: longer than dead-letter queues and phones without network keep events.
   */
  private static final String REFUSED_FOR = "P30D";

  /** Less would let events in that were under way when the person was erased. */
  private static final Duration LEAST_REFUSED = Duration.ofDays(1);

  private final RequestErasure requestErasure;
  private final Erasures erasures;
  private final InstantSource clock;
  private final HttpApi api;

  public ManagePrivacyHandler() {
    this(Environment.current());
  }

  private ManagePrivacyHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String people = environment.require("TABLE_PEOPLE");
    String definitions = environment.require("TABLE_DEFINITIONS");
    DynamoTotals totals = new DynamoTotals(dynamo, definitions);
    DynamoErasures dynamoErasures =
        new DynamoErasures(dynamo, people, definitions, totals, new DynamoConsents(dynamo, people));
    this(
        new DynamoKeys(dynamo, definitions),
        new RequestErasure(
            environment.workspace(),
            new DynamoPeople(dynamo, people, totals, environment.workspace()),
            dynamoErasures,
            new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
            new SqsPublisher<>(
                SqsClients.open(environment.variables()),
                environment.require("QUEUE_ERASURES"),
                DueCodec::writeMessage),
            refusedFor(environment)),
        dynamoErasures,
        environment.clock());
  }

  ManagePrivacyHandler(
      Keys keys, RequestErasure requestErasure, Erasures erasures, InstantSource clock) {
    this.requestErasure = requestErasure;
    this.erasures = erasures;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("DELETE /v1/profiles/{id}", Scope.ADMIN, this::erase),
                Route.of("GET /v1/erasures/{id}", Scope.READ, this::erasure)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer erase(HttpRequest request) {
    PersonId id = new PersonId(request.id("id", "profile"));
    return switch (requestErasure.erase(id, request.key().name(), clock.instant())) {
      case Answer.Erasing(var erasure) -> HttpAnswer.accepted(ErasureCodec.write(erasure));
      case Answer.Nobody _ -> throw Problem.notFound("there is no such profile");
      case Answer.Contended _ ->
          throw Problem.conflict("the person is being changed by others; try again");
    };
  }

  private HttpAnswer erasure(HttpRequest request) {
    return HttpAnswer.ok(
        ErasureCodec.write(
            erasures
                .find(request.id("id", "erasure"))
                .orElseThrow(() -> Problem.notFound("there is no such erasure"))));
  }

  private static Duration refusedFor(Environment environment) {
    Duration refusedFor =
        Duration.parse(environment.find("ERASED_REFUSED_FOR").orElse(REFUSED_FOR));
    if (refusedFor.compareTo(LEAST_REFUSED) < 0) {
      throw new IllegalStateException("ERASED_REFUSED_FOR must be at least " + LEAST_REFUSED);
    }
    return refusedFor;
  }
}
