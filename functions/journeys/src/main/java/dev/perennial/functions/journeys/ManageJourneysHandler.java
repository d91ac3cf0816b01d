package dev.perennial.functions.journeys;

import static dev.perennial.domain.definition.Definition.LIVE;
import static dev.perennial.domain.definition.Definition.PAUSED;
import static dev.perennial.functions.journeys.JourneyStatus.DRAFT;
import static dev.perennial.functions.journeys.JourneyStatus.STOPPED;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoEnrollments;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.domain.Page;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.journey.Journey;
import dev.perennial.domain.journey.Journey.Start;
import dev.perennial.domain.journey.Journey.Step;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.DefinitionCodec;
import dev.perennial.json.JourneyCodec;
import dev.perennial.json.JsonNode;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code /v1/journeys}: what teams define, what of it runs, and who is in it. A put makes a
 * version; only a launch makes the newest version the one that runs, so a live journey goes on with
 * the launched version until it is launched again, and whoever is in it keeps theirs to the end.
 */
public final class ManageJourneysHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Definitions definitions;
  private final Enrollments enrollments;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageJourneysHandler() {
    this(Environment.current());
  }

  private ManageJourneysHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    this(
        new DynamoKeys(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoDefinitions(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoEnrollments(dynamo, environment.require("TABLE_JOURNEYS")),
        environment.clock());
  }

  ManageJourneysHandler(
      Keys keys, Definitions definitions, Enrollments enrollments, InstantSource clock) {
    this.definitions = definitions;
    this.enrollments = enrollments;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/journeys", Scope.READ, this::list),
                Route.of("PUT /v1/journeys/{id}", Scope.WRITE, this::put),
                Route.of("GET /v1/journeys/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/journeys/{id}", Scope.WRITE, this::delete),
                Route.of("POST /v1/journeys/{id}/launch", Scope.LAUNCH, this::launch),
                Route.of("POST /v1/journeys/{id}/pause", Scope.LAUNCH, this::pause),
                Route.of("POST /v1/journeys/{id}/resume", Scope.LAUNCH, this::resume),
                Route.of("POST /v1/journeys/{id}/stop", Scope.LAUNCH, this::stop),
                Route.of("GET /v1/journeys/{id}/enrollments", Scope.READ, this::enrollments)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer list(HttpRequest request) {
    Page<Definition> page = request.page(definitions.list(Kind.JOURNEY), Definition::id);
    return HttpAnswer.page(
        new Page<>(
            page.items().stream().map(ManageJourneysHandler::shown).toList(), page.cursor()));
  }

  private HttpAnswer put(HttpRequest request) {
    String id = request.slug("id");
    Fields document = request.object().fields();
    JourneyCodec.read(id, 0, document);
    return HttpAnswer.ok(
        shown(
            definitions
                .find(Kind.JOURNEY, id)
                .filter(known -> known.document().equals(document))
                .orElseGet(
                    () ->
                        definitions.put(
                            Kind.JOURNEY,
                            id,
                            document,
                            DRAFT,
                            Set.of(LIVE, PAUSED),
                            clock.instant()))));
  }

  private HttpAnswer get(HttpRequest request) {
    return HttpAnswer.ok(shown(find(request)));
  }

  private HttpAnswer delete(HttpRequest request) {
    definitions.delete(Kind.JOURNEY, find(request).id());
    return HttpAnswer.noContent();
  }

  private HttpAnswer launch(HttpRequest request) {
    Definition journey = find(request);
    requireReferences(JourneyCodec.read(journey.id(), journey.version(), journey.document()));
    if (!definitions.launch(
        Kind.JOURNEY, journey.id(), journey.version(), journey.status(), LIVE)) {
      throw changed();
    }
    return get(request);
  }

  private HttpAnswer pause(HttpRequest request) {
    return become(request, PAUSED, List.of(LIVE));
  }

  private HttpAnswer resume(HttpRequest request) {
    return become(request, LIVE, List.of(PAUSED));
  }

  private HttpAnswer stop(HttpRequest request) {
    return become(request, STOPPED, List.of(LIVE, PAUSED));
  }

  private HttpAnswer become(HttpRequest request, String next, List<String> from) {
    Definition journey = find(request);
    String status = journey.status();
    if (status.equals(next)) {
      return HttpAnswer.ok(shown(journey));
    }
    if (!from.contains(status)) {
      throw Problem.conflict("the journey is " + status);
    }
    if (!definitions.changeStatus(Kind.JOURNEY, journey.id(), status, next)) {
      throw changed();
    }
    return get(request);
  }

  private HttpAnswer enrollments(HttpRequest request) {
    Page<Enrollment> page =
        enrollments.ofJourney(find(request).id(), request.pageSize(), request.cursor());
    return HttpAnswer.page(
        new Page<>(
            page.items().stream().map(ManageJourneysHandler::shown).toList(), page.cursor()));
  }

  /** What is launched must be able to run. */
  private void requireReferences(Journey journey) {
    if (journey.start() instanceof Start.OnSegment on
        && definitions.find(Kind.SEGMENT, on.segment().value()).isEmpty()) {
      // A tag that is shipped has no members until somebody puts it.
      throw new Problem(
          409,
          "Conflict",
          "nobody put " + on.segment().described(),
          on.segment().isTag() ? "/trigger/tag" : "/trigger/segment");
    }
    for (int index = 0; index < journey.steps().size(); index++) {
      if (journey.steps().get(index) instanceof Step.Send send
          && definitions.find(Kind.CONTENT, send.content()).isEmpty()) {
        throw new Problem(
            409,
            "Conflict",
            "there is no content " + send.content(),
            "/steps/" + index + "/send/content");
      }
    }
  }

  private Definition find(HttpRequest request) {
    return definitions
        .find(Kind.JOURNEY, request.slug("id"))
        .orElseThrow(() -> Problem.notFound("there is no journey " + request.path("id")));
  }

  private static Problem changed() {
    return Problem.conflict("somebody else changed the journey just now");
  }

  private static Fields shown(Definition journey) {
    Map<String, Value> standing = new LinkedHashMap<>();
    if (journey.launched() > 0) {
      standing.put("launchedVersion", Num.of(journey.launched()));
    }
    standing.put("status", new Text(journey.status()));
    return DefinitionCodec.write(journey, journey.document(), standing);
  }

  private static Fields shown(Enrollment enrollment) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("profileId", new Text(enrollment.person().value()));
    fields.put("occurrence", new Text(enrollment.occurrence()));
    fields.put("version", Num.of(enrollment.version()));
    fields.put("status", new Text(JsonNode.name(enrollment.status())));
    fields.put("enteredAt", new Text(enrollment.enteredAt().toString()));
    fields.put("step", Num.of(enrollment.position()));
    if (enrollment.due() != null) {
      fields.put("due", new Text(enrollment.due().toString()));
    }
    return new Fields(fields);
  }
}
