package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoPopulation;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.PreviewSegment;
import dev.perennial.domain.segment.PreviewSegment.Preview;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.ExplanationCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.RulesCodec;
import dev.perennial.json.SegmentCodec;
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
import java.util.Optional;

/** What a segment would say of people, and why it says so of one; nothing is stored. */
public final class ExamineSegmentsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** No slug, so no segment has it. */
  private static final SegmentId ASKED = new SegmentId("?");

  private final Definitions definitions;
  private final PreviewSegment previewSegment;
  private final People people;
  private final Totals totals;
  private final String workspace;
  private final InstantSource clock;
  private final HttpApi api;

  public ExamineSegmentsHandler() {
    this(Environment.current());
  }

  private ExamineSegmentsHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String definitions = environment.require("TABLE_DEFINITIONS");
    String people = environment.require("TABLE_PEOPLE");
    String workspace = environment.workspace();
    var totals = new DynamoTotals(dynamo, definitions);
    var dynamoPeople = new DynamoPeople(dynamo, people, totals, workspace);
    this(
        new DynamoKeys(dynamo, definitions),
        new DynamoDefinitions(dynamo, definitions),
        new PreviewSegment(
            new DynamoPopulation(dynamo, people, dynamoPeople),
            new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), workspace),
            new DynamoConsents(dynamo, people),
            workspace),
        dynamoPeople,
        totals,
        workspace,
        environment.clock());
  }

  ExamineSegmentsHandler(
      Keys keys,
      Definitions definitions,
      PreviewSegment previewSegment,
      People people,
      Totals totals,
      String workspace,
      InstantSource clock) {
    this.definitions = definitions;
    this.previewSegment = previewSegment;
    this.people = people;
    this.totals = totals;
    this.workspace = workspace;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("POST /v1/segments/preview", Scope.READ, this::preview),
                Route.of("GET /v1/segments/{id}/explain", Scope.READ, this::explain),
                Route.of("GET /v1/tags/{id}/explain", Scope.READ, this::explainTag)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer preview(HttpRequest request) {
    Condition condition = SegmentCodec.read(request.object().fields());
    LiveDefinitions.problem(definitions, ASKED, condition)
        .ifPresent(
            problem -> {
              throw new InvalidDocument("/where", problem);
            });
    Preview preview =
        previewSegment.preview(
            ASKED, LiveDefinitions.segments(definitions, ASKED, condition), clock.instant());
    long all =
        preview.everybody()
            ? preview.asked()
            : totals.read(List.of(Totals.PROFILES)).getOrDefault(Totals.PROFILES, 0L);
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("sampled", Num.of(preview.asked()));
    fields.put("matched", Num.of(preview.met()));
    fields.put("profiles", Num.of(all));
    fields.put(
        "estimate", Num.of(preview.asked() == 0 ? 0 : all * preview.met() / preview.asked()));
    fields.put("exact", new Bool(preview.everybody()));
    return HttpAnswer.ok(new Fields(fields));
  }

  private HttpAnswer explain(HttpRequest request) {
    String id = request.path("id");
    if (definitions.find(Kind.SEGMENT, id).isEmpty()) {
      throw Problem.notFound("there is no segment " + id);
    }
    return explain(request, new SegmentId(id), LiveDefinitions.segments(definitions));
  }

  private HttpAnswer explainTag(HttpRequest request) {
    String name = request.path("id");
    SegmentId id = SegmentId.ofTag(name);
    if (definitions.find(Kind.SEGMENT, id.value()).isPresent()) {
      return explain(request, id, LiveDefinitions.segments(definitions));
    }
    Fields shipped =
        RulesCodec.shipped()
            .tag(name)
            .orElseThrow(() -> Problem.notFound("no rule gives the tag " + name));
    Condition condition = LiveDefinitions.condition(id, shipped);
    return explain(request, id, LiveDefinitions.segments(definitions, id, condition));
  }

  private HttpAnswer explain(HttpRequest request, SegmentId id, Segments segments) {
    return HttpAnswer.ok(
        ExplanationCodec.write(
            previewSegment.explain(id, segments, person(request), clock.instant())));
  }

  private Person person(HttpRequest request) {
    Optional<String> id = request.query("profile");
    if (id.isPresent()) {
      return id.filter(HttpRequest::isId)
          .flatMap(known -> people.find(new PersonId(known)))
          .orElseThrow(() -> Problem.notFound("there is no such profile"));
    }
    String named =
        request
            .query("identifier")
            .orElseThrow(
                () ->
                    Problem.invalid(
                        "identifier: is required, as namespace:value, or the id of a profile"));
    return switch (IdentifierReading.of(named)) {
      case IdentifierReading.Accepted accepted ->
          people
              .find(accepted.identifier().hash(workspace))
              .orElseThrow(() -> Problem.notFound("nobody is known by that identifier"));
      case IdentifierReading.Blocked blocked ->
          throw Problem.invalid("identifier: " + blocked.reason());
      case IdentifierReading.Invalid invalid ->
          throw Problem.invalid("identifier: " + invalid.reason());
    };
  }
}
