package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoBackfills;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.definition.Definitions.Next;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Following;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.References;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.IdentityCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.JsonObject;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.WebhookCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/segments} and {@code /v1/tags}: what teams define, and who is in it. A tag by rule is
 * a segment that shows as a tag.
 */
public final class ManageSegmentsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Definitions definitions;
  private final Publisher<Part> parts;
  private final People people;
  private final ShownSegments shown;
  private final StartBackfills backfills;
  private final InstantSource clock;
  private final LongSupplier turns;
  private final HttpApi api;

  public ManageSegmentsHandler() {
    this(Environment.current());
  }

  private ManageSegmentsHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_DEFINITIONS");
    var sqs = SqsClients.open(environment.variables());
    String queue = environment.require("QUEUE_BACKFILLS");
    var totals = new DynamoTotals(dynamo, table);
    this(
        new DynamoKeys(dynamo, table),
        new DynamoDefinitions(dynamo, table),
        new DynamoMembers(dynamo, table, Pause.withJitter(new SecureRandom())),
        new DynamoBackfills(dynamo, table),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        new SqsPublisher<>(sqs, queue, BackfillCodec::writeMessage),
        new DynamoPeople(
            dynamo, environment.require("TABLE_PEOPLE"), totals, environment.workspace()),
        totals,
        environment.workspace(),
        environment.clock(),
        System::nanoTime);
  }

  ManageSegmentsHandler(
      Keys keys,
      Definitions definitions,
      Members members,
      Backfills backfills,
      Publisher<Work> works,
      Publisher<Part> parts,
      Publisher<Scoring.Work> scorings,
      People people,
      Totals totals,
      String workspace,
      InstantSource clock,
      LongSupplier turns) {
    this.definitions = definitions;
    this.parts = parts;
    this.people = people;
    this.shown = new ShownSegments(definitions, members, backfills, people, totals, workspace);
    this.backfills = new StartBackfills(definitions, works, scorings, clock);
    this.clock = clock;
    this.turns = turns;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/segments", Scope.READ, request -> shown.list(request, false)),
                Route.of(
                    "PUT /v1/segments/{id}",
                    Scope.WRITE,
                    request -> put(request, new SegmentId(request.slug("id")))),
                Route.of("GET /v1/segments/{id}", Scope.READ, request -> get(segment(request))),
                Route.of(
                    "DELETE /v1/segments/{id}", Scope.WRITE, request -> delete(segment(request))),
                Route.of(
                    "POST /v1/segments/{id}/import",
                    Scope.WRITE,
                    request -> importMembers(request, segment(request))),
                Route.of(
                    "POST /v1/segments/{id}/members",
                    Scope.WRITE,
                    request -> changeMembers(request, segment(request))),
                Route.of(
                    "GET /v1/segments/{id}/members",
                    Scope.READ,
                    request -> shown.members(request, segment(request))),
                Route.of("GET /v1/tags", Scope.READ, request -> shown.list(request, true)),
                Route.of(
                    "PUT /v1/tags/{id}",
                    Scope.WRITE,
                    request -> put(request, SegmentId.ofTag(request.slug("id")))),
                Route.of("GET /v1/tags/{id}", Scope.READ, request -> get(tag(request))),
                Route.of("DELETE /v1/tags/{id}", Scope.WRITE, request -> delete(tag(request))),
                Route.of(
                    "POST /v1/tags/{id}/import",
                    Scope.WRITE,
                    request -> importMembers(request, tag(request))),
                Route.of(
                    "POST /v1/tags/{id}/members",
                    Scope.WRITE,
                    request -> changeMembers(request, tag(request))),
                Route.of(
                    "GET /v1/tags/{id}/members",
                    Scope.READ,
                    request -> shown.members(request, tag(request)))));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  /** A tag goes by its name everywhere else, so no segment has its id. */
  private static SegmentId segment(HttpRequest request) {
    SegmentId id = new SegmentId(request.path("id"));
    if (id.isTag()) {
      throw Problem.notFound(id.described() + " is no segment");
    }
    return id;
  }

  private static SegmentId tag(HttpRequest request) {
    return SegmentId.ofTag(request.path("id"));
  }

  private HttpAnswer get(SegmentId id) {
    return HttpAnswer.ok(shown.shown(shown.find(id)));
  }

  private HttpAnswer put(HttpRequest request, SegmentId id) {
    Fields document = request.object().fields();
    Condition condition = LiveDefinitions.condition(id, document);
    LiveDefinitions.problem(definitions, id, condition)
        .ifPresent(
            problem -> {
              throw new InvalidDocument("/where", problem);
            });
    Definition segment = define(id.value(), document, condition);
    backfills.start(segment);
    return HttpAnswer.ok(shown.shown(segment));
  }

  /** The segment as it then is; made of what is there then, should others edit or delete it. */
  private Definition define(String id, Fields document, Condition condition) {
    return definitions
        .put(Kind.SEGMENT, id, newest -> next(newest, document, condition))
        .orElseThrow();
  }

  /**
   * A name alone changes nobody's membership, nor what came before it and what after; nothing is
   * made of what is there already.
   */
  private Optional<Next> next(Optional<Definition> newest, Fields document, Condition condition) {
    if (newest.isEmpty()) {
      return Optional.of(new Next(document, BackfillSegment.BACKFILLING, clock.instant()));
    }
    Definition known = newest.get();
    if (known.document().equals(document)) {
      return Optional.empty();
    }
    if (LiveDefinitions.condition(known).equals(condition)) {
      return Optional.of(new Next(document, known.status(), known.at()));
    }
    return Optional.of(
        new Next(document, BackfillSegment.statusOnceEdited(known), clock.instant()));
  }

  private HttpAnswer delete(SegmentId id) {
    Optional<Definition> gone = definitions.findDeleted(Kind.SEGMENT, id.value());
    if (gone.isPresent()) {
      // Whoever deleted it may have crashed before everybody was told to go.
      backfills.end(gone.get());
      return HttpAnswer.noContent();
    }
    Definition segment = shown.find(id);
    if (segment.isShipped()) {
      throw Problem.conflict("it is shipped: put one that holds for nobody instead");
    }
    LiveDefinitions.conditions(definitions)
        .forEach(
            (other, condition) -> {
              if (References.of(condition).contains(id)) {
                throw Problem.conflict(other.described() + " refers to it");
              }
            });
    for (Definition journey : definitions.list(Kind.JOURNEY)) {
      String trigger = id.isTag() ? "trigger.tag" : "trigger.segment";
      Text named = new Text(id.name());
      if (named.equals(journey.document().at(trigger))
          || named.equals(launchedTrigger(journey, trigger))) {
        throw Problem.conflict("the journey " + journey.id() + " refers to it");
      }
    }
    for (Definition webhook : definitions.list(Kind.WEBHOOK)) {
      if (WebhookCodec.read(webhook.id(), webhook.document()).segments().contains(id)) {
        throw Problem.conflict("the webhook " + webhook.id() + " refers to it");
      }
    }
    definitions.delete(Kind.SEGMENT, segment.id());
    backfills.end(segment);
    return HttpAnswer.noContent();
  }

  private HttpAnswer importMembers(HttpRequest request, SegmentId id) {
    Definition list = list(id);
    boolean member =
        switch (request.query("action").orElse("add")) {
          case "add" -> true;
          case "remove" -> false;
          default -> throw Problem.invalid("action must be add or remove");
        };
    MemberList table =
        MemberList.read(new String(request.body(HttpRequest.MAX_BODY), StandardCharsets.UTF_8));
    Map<String, Value> answer = put(list, member, table.people().values());
    List<Value> rejected = new ArrayList<>();
    table
        .rejected()
        .forEach(
            (row, detail) -> {
              Map<String, Value> one = new LinkedHashMap<>();
              one.put("row", Num.of(row));
              one.put("detail", new Text(detail));
              rejected.add(new Fields(one));
            });
    answer.put("rejected", new Items(rejected));
    return HttpAnswer.ok(new Fields(answer));
  }

  private HttpAnswer changeMembers(HttpRequest request, SegmentId id) {
    Definition list = list(id);
    JsonObject body = request.object();
    List<Identifier> added = IdentityCodec.readMembers(body, "add");
    List<Identifier> removed = IdentityCodec.readMembers(body, "remove");
    body.refuseOthers();
    if (added.isEmpty() == removed.isEmpty()) {
      throw body.invalid("must have either add or remove");
    }
    return HttpAnswer.ok(
        new Fields(put(list, removed.isEmpty(), removed.isEmpty() ? added : removed)));
  }

  private Definition list(SegmentId id) {
    Definition list = shown.find(id);
    if (!(LiveDefinitions.condition(list) instanceof Condition.Imported)) {
      throw Problem.conflict(
          id.described() + " has a condition, which decides who its members are");
    }
    return list;
  }

  /** Of whom nobody knows anything nothing is known here either: they are counted. */
  private Map<String, Value> put(Definition list, boolean member, Collection<Identifier> named) {
    Map<Identifier, Person> owners =
        Following.owners(
            people, people.locate(named, Freshness.CURRENT).people(), Freshness.CURRENT);
    List<PersonId> known = owners.values().stream().map(Person::id).distinct().sorted().toList();
    SegmentId id = new SegmentId(list.id());
    Listed said = new Listed(member, list.version(), clock.instant(), turns.getAsLong());
    List<Part> all = new ArrayList<>();
    for (int from = 0; from < known.size(); from += Part.MOST) {
      int to = Math.min(known.size(), from + Part.MOST);
      all.add(new Part(id, said, known.subList(from, to)));
    }
    parts.publish(all);
    Map<String, Value> answer = new LinkedHashMap<>();
    answer.put("people", Num.of(known.size()));
    answer.put(
        "unknown", Num.of(named.stream().filter(person -> !owners.containsKey(person)).count()));
    return answer;
  }

  /** What starts the version that runs, which may not be the newest. */
  private @Nullable Value launchedTrigger(Definition journey, String trigger) {
    boolean runs =
        journey.status().equals(Definition.LIVE) || journey.status().equals(Definition.PAUSED);
    return runs
        ? LiveDefinitions.launched(definitions, journey)
            .map(document -> document.at(trigger))
            .orElse(null)
        : null;
  }
}
