package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.domain.Page;
import dev.perennial.domain.Pause;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Members.Member;
import dev.perennial.domain.segment.References;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.SegmentCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** {@code /v1/segments}: what teams define, and who is in it. */
public final class ManageSegmentsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private static final String READY = "ready";
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final Definitions definitions;
  private final Members members;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageSegmentsHandler() {
    this(Environment.current());
  }

  private ManageSegmentsHandler(Environment environment) {
    this(
        DynamoClients.open(environment.variables()),
        environment.require("TABLE_DEFINITIONS"),
        environment.clock());
  }

  private ManageSegmentsHandler(DynamoDbClient dynamo, String table, InstantSource clock) {
    this(
        new DynamoKeys(dynamo, table),
        new DynamoDefinitions(dynamo, table),
        new DynamoMembers(dynamo, table, Pause.withJitter(new SecureRandom())),
        clock);
  }

  ManageSegmentsHandler(Keys keys, Definitions definitions, Members members, InstantSource clock) {
    this.definitions = definitions;
    this.members = members;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/segments", Scope.READ, this::list),
                Route.of("PUT /v1/segments/{id}", Scope.WRITE, this::put),
                Route.of("GET /v1/segments/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/segments/{id}", Scope.WRITE, this::delete),
                Route.of("GET /v1/segments/{id}/members", Scope.READ, this::members)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer put(HttpRequest request) {
    String id = request.path("id");
    if (!SLUG.matcher(id).matches()) {
      throw Problem.invalid(
          "the id must have 1 to 64 characters of a-z, 0-9, - and _, the first a letter or digit");
    }
    Fields document = request.object().fields();
    Condition condition = SegmentCodec.read(document);
    Map<SegmentId, Condition> others = LiveDefinitions.conditions(definitions);
    References.problem(new SegmentId(id), condition, others)
        .ifPresent(
            problem -> {
              throw new InvalidDocument("/where", problem);
            });
    Definition segment =
        definitions
            .find(Kind.SEGMENT, id)
            .filter(newest -> newest.document().equals(document))
            .orElseGet(() -> definitions.put(Kind.SEGMENT, id, document, READY, clock.instant()));
    return HttpAnswer.ok(shown(segment));
  }

  private HttpAnswer get(HttpRequest request) {
    return HttpAnswer.ok(shown(find(request)));
  }

  private HttpAnswer list(HttpRequest request) {
    int limit = request.pageSize();
    String after = request.query("cursor").orElse("");
    List<Definition> left =
        definitions.list(Kind.SEGMENT).stream()
            .filter(segment -> segment.id().compareTo(after) > 0)
            .toList();
    List<Definition> page = left.subList(0, Math.min(limit, left.size()));
    String cursor = page.size() < left.size() ? page.getLast().id() : null;
    return HttpAnswer.ok(
        listed(new Page<>(page.stream().<Value>map(this::shown).toList(), cursor)));
  }

  private HttpAnswer delete(HttpRequest request) {
    Definition segment = find(request);
    SegmentId id = new SegmentId(segment.id());
    LiveDefinitions.conditions(definitions)
        .forEach(
            (other, condition) -> {
              if (References.of(condition).contains(id)) {
                throw Problem.conflict("the segment " + other + " refers to it");
              }
            });
    for (Definition journey : definitions.list(Kind.JOURNEY)) {
      if (new Text(segment.id()).equals(journey.document().at("trigger.segment"))) {
        throw Problem.conflict("the journey " + journey.id() + " refers to it");
      }
    }
    definitions.delete(Kind.SEGMENT, segment.id());
    return HttpAnswer.noContent();
  }

  private HttpAnswer members(HttpRequest request) {
    Definition segment = find(request);
    Page<Member> page;
    try {
      page =
          members.list(
              new SegmentId(segment.id()),
              request.pageSize(),
              request.query("cursor").orElse(null));
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("the cursor is not one that this list gave");
    }
    return HttpAnswer.ok(
        listed(
            new Page<>(
                page.items().stream().<Value>map(ManageSegmentsHandler::shown).toList(),
                page.cursor())));
  }

  private Definition find(HttpRequest request) {
    String id = request.path("id");
    return definitions
        .find(Kind.SEGMENT, id)
        .orElseThrow(() -> Problem.notFound("there is no segment " + id));
  }

  private Fields shown(Definition segment) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(segment.id()));
    fields.putAll(segment.document().fields());
    fields.put("version", Num.of(segment.version()));
    fields.put("status", new Text(segment.status()));
    fields.put("progress", Num.of(1));
    fields.put("size", Num.of(members.size(new SegmentId(segment.id()))));
    fields.put("updatedAt", new Text(segment.at().toString()));
    return new Fields(fields);
  }

  private static Fields shown(Member member) {
    return new Fields(
        Map.of(
            "id", new Text(member.person().value()),
            "enteredAt", new Text(member.since().toString())));
  }

  private static Fields listed(Page<Value> page) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("items", new Items(page.items()));
    if (page.cursor() != null) {
      fields.put("cursor", new Text(page.cursor()));
    }
    return new Fields(fields);
  }
}
