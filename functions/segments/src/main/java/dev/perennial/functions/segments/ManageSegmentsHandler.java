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
import dev.perennial.domain.Page;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Members.Member;
import dev.perennial.domain.segment.References;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.BackfillCodec;
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
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments}: what teams define, and who is in it. */
public final class ManageSegmentsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Definitions definitions;
  private final Members members;
  private final Backfills backfills;
  private final Publisher<Work> works;
  private final Publisher<Part> parts;
  private final Publisher<Scoring.Work> scorings;
  private final People people;
  private final Totals totals;
  private final String workspace;
  private final InstantSource clock;
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
        environment.clock());
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
      InstantSource clock) {
    this.definitions = definitions;
    this.members = members;
    this.backfills = backfills;
    this.works = works;
    this.parts = parts;
    this.scorings = scorings;
    this.people = people;
    this.totals = totals;
    this.workspace = workspace;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/segments", Scope.READ, this::list),
                Route.of("PUT /v1/segments/{id}", Scope.WRITE, this::put),
                Route.of("GET /v1/segments/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/segments/{id}", Scope.WRITE, this::delete),
                Route.of("POST /v1/segments/{id}/import", Scope.WRITE, this::importMembers),
                Route.of("GET /v1/segments/{id}/members", Scope.READ, this::members)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer put(HttpRequest request) {
    String id = request.slug("id");
    Fields document = request.object().fields();
    Condition condition = SegmentCodec.read(document);
    Map<SegmentId, Condition> others = LiveDefinitions.conditions(definitions);
    References.problem(new SegmentId(id), condition, others)
        .ifPresent(
            problem -> {
              throw new InvalidDocument("/where", problem);
            });
    Definition segment = define(id, document, condition);
    if (BackfillSegment.isPending(segment)) {
      // Also when nothing changed: whoever defined it may have crashed before this.
      works.publish(backfill(segment, false).works());
      if (Segments.asksForScores(condition)) {
        scorings.publish(Scoring.of(clock.instant()).works());
      }
    }
    return HttpAnswer.ok(shown(segment));
  }

  /** The segment as it then is: a name alone changes nobody's membership. */
  private Definition define(String id, Fields document, Condition condition) {
    Optional<Definition> newest = definitions.find(Kind.SEGMENT, id);
    if (newest.isEmpty()) {
      return definitions.put(
          Kind.SEGMENT, id, document, BackfillSegment.BACKFILLING, clock.instant());
    }
    if (newest.get().document().equals(document)) {
      return newest.get();
    }
    boolean same = SegmentCodec.read(newest.get().document()).equals(condition);
    return definitions.put(
        Kind.SEGMENT,
        id,
        document,
        same ? BackfillSegment.READY : BackfillSegment.EDITING,
        same
            ? Set.of(BackfillSegment.BACKFILLING, BackfillSegment.EDITING)
            : Set.of(BackfillSegment.BACKFILLING),
        clock.instant());
  }

  private HttpAnswer get(HttpRequest request) {
    return HttpAnswer.ok(shown(find(request)));
  }

  private HttpAnswer list(HttpRequest request) {
    Page<Definition> page = request.page(definitions.list(Kind.SEGMENT), Definition::id);
    List<SegmentId> ids =
        page.items().stream().map(segment -> new SegmentId(segment.id())).toList();
    Map<SegmentId, Long> sizes = members.sizes(ids);
    return HttpAnswer.page(
        new Page<>(
            page.items().stream()
                .map(segment -> shown(segment, sizes.getOrDefault(new SegmentId(segment.id()), 0L)))
                .toList(),
            page.cursor()));
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
      Text named = new Text(segment.id());
      if (named.equals(journey.document().at("trigger.segment"))
          || named.equals(launchedTrigger(journey))) {
        throw Problem.conflict("the journey " + journey.id() + " refers to it");
      }
    }
    definitions.delete(Kind.SEGMENT, segment.id());
    works.publish(backfill(segment, true).works());
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
    Map<PersonId, Person> known =
        people.find(page.items().stream().map(Member::person).toList(), Freshness.RECENT);
    return HttpAnswer.page(
        new Page<>(
            page.items().stream()
                .map(member -> shown(member, publicId(member.person(), known.get(member.person()))))
                .toList(),
            page.cursor()));
  }

  /** Of whom nobody knows anything nothing is known here either: they are counted. */
  private HttpAnswer importMembers(HttpRequest request) {
    Definition segment = find(request);
    if (!(SegmentCodec.read(segment.document()) instanceof Condition.Imported)) {
      throw Problem.conflict("the segment has a condition, which decides who its members are");
    }
    boolean member =
        switch (request.query("action").orElse("add")) {
          case "add" -> true;
          case "remove" -> false;
          default -> throw Problem.invalid("action must be add or remove");
        };
    MemberList list =
        MemberList.read(new String(request.body(HttpRequest.MAX_BODY), StandardCharsets.UTF_8));
    Map<Identifier, PersonId> located =
        people.locate(list.people().values(), Freshness.RECENT).people();
    List<PersonId> known = List.copyOf(new TreeSet<>(located.values()));
    List<Part> all = new ArrayList<>();
    for (int from = 0; from < known.size(); from += Part.MOST) {
      int to = Math.min(known.size(), from + Part.MOST);
      all.add(new Part(new SegmentId(segment.id()), member, known.subList(from, to)));
    }
    parts.publish(all);
    long unknown =
        list.people().values().stream().filter(person -> !located.containsKey(person)).count();
    Map<String, Value> answer = new LinkedHashMap<>();
    answer.put("people", Num.of(known.size()));
    answer.put("unknown", Num.of(unknown));
    List<Value> rejected = new ArrayList<>();
    list.rejected()
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

  /**
   * The id that the profile is shown with. The index is a moment behind: whoever was absorbed
   * meanwhile is listed under the id stored, which finds the survivor.
   */
  private PersonId publicId(PersonId listed, @Nullable Person person) {
    return person != null && person.id().equals(listed) ? person.founder().hash(workspace) : listed;
  }

  /** The segment that starts the version that runs, which may not be the newest. */
  private @Nullable Value launchedTrigger(Definition journey) {
    boolean runs = journey.status().equals("live") || journey.status().equals("paused");
    return runs
        ? LiveDefinitions.launched(definitions, journey)
            .map(document -> document.at("trigger.segment"))
            .orElse(null)
        : null;
  }

  private Definition find(HttpRequest request) {
    String id = request.path("id");
    return definitions
        .find(Kind.SEGMENT, id)
        .orElseThrow(() -> Problem.notFound("there is no segment " + id));
  }

  private Backfill backfill(Definition segment, boolean deletion) {
    boolean scores = !deletion && Segments.asksForScores(SegmentCodec.read(segment.document()));
    int cuts = scores ? BackfillSegment.cuts(definitions) : 0;
    return new Backfill(new SegmentId(segment.id()), segment.version(), deletion, cuts);
  }

  private Fields shown(Definition segment) {
    return shown(segment, members.size(new SegmentId(segment.id())));
  }

  private Fields shown(Definition segment, long size) {
    boolean pending = BackfillSegment.isPending(segment);
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(segment.id()));
    fields.putAll(segment.document().fields());
    fields.put("version", Num.of(segment.version()));
    fields.put("status", new Text(pending ? BackfillSegment.BACKFILLING : BackfillSegment.READY));
    fields.put("progress", new Num(pending ? progress(segment) : BigDecimal.ONE));
    fields.put("size", Num.of(size));
    fields.put("updatedAt", new Text(segment.at().toString()));
    return new Fields(fields);
  }

  /** The share of all people who were evaluated, in hundredths, 1 only for everybody. */
  private BigDecimal progress(Definition segment) {
    long met =
        backfills.standings(backfill(segment, false)).stream()
            .mapToLong(Backfill.Standing::people)
            .sum();
    long all = totals.read(List.of(Totals.PROFILES)).getOrDefault(Totals.PROFILES, 0L);
    return BigDecimal.valueOf(all == 0 ? 0 : Math.min(99, met * 100 / all), 2);
  }

  private static Fields shown(Member member, PersonId id) {
    return new Fields(
        Map.of(
            "id", new Text(id.value()),
            "enteredAt", new Text(member.since().toString())));
  }
}
