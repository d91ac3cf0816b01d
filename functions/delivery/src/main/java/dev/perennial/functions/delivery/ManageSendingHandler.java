package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Page;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ExplainSends;
import dev.perennial.domain.delivery.ListSends;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.ConsentCodec;
import dev.perennial.json.JsonNode;
import dev.perennial.json.PolicyCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.json.SendCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v1/sending} and {@code /v1/settings}: what messages may do; and what people allow, what
 * became of a message, and why they got it or not.
 */
public final class ManageSendingHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** How long what had come due before a restore takes to be worked off. */
  private static final Duration CATCHING_UP = Duration.ofMinutes(15);

  private static final Duration FARTHEST_FENCE = Duration.ofDays(1);

  private final String workspace;
  private final Definitions definitions;
  private final People people;
  private final Consents consents;
  private final RecordConsent recordConsent;
  private final Sends sends;
  private final ListSends listSends;
  private final PauseSwitch pauses;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageSendingHandler() {
    this(Environment.current());
  }

  private ManageSendingHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_DEFINITIONS");
    String people = environment.require("TABLE_PEOPLE");
    DynamoConsents consents = new DynamoConsents(dynamo, people);
    DynamoPauseSwitch pauses = new DynamoPauseSwitch(dynamo, table);
    this(
        environment.workspace(),
        new DynamoKeys(dynamo, table),
        new DynamoDefinitions(dynamo, table),
        new DynamoPeople(dynamo, people, new DynamoTotals(dynamo, table), environment.workspace()),
        consents,
        new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, table),
        pauses,
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_PROFILE_CHANGES"),
            ProfileChangeCodec::writeMessage),
        environment.clock());
  }

  ManageSendingHandler(
      String workspace,
      Keys keys,
      Definitions definitions,
      People people,
      Consents consents,
      Sends sends,
      PauseSwitch pauses,
      Publisher<ProfileChange> changes,
      InstantSource clock) {
    this.workspace = workspace;
    this.definitions = definitions;
    this.people = people;
    this.consents = consents;
    this.recordConsent = new RecordConsent(workspace, consents, changes);
    this.sends = sends;
    this.listSends = new ListSends(people, sends);
    this.pauses = pauses;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/sending", Scope.READ, _ -> shown()),
                Route.of("POST /v1/sending/pause", Scope.LAUNCH, this::pause),
                Route.of("POST /v1/sending/resume", Scope.LAUNCH, this::resume),
                Route.of("POST /v1/sending/fence", Scope.ADMIN, this::fence),
                Route.of("GET /v1/settings", Scope.READ, _ -> settings()),
                Route.of("PUT /v1/settings", Scope.ADMIN, this::putSettings),
                Route.of("GET /v1/profiles/{id}/consent", Scope.READ, this::history),
                Route.of("POST /v1/profiles/{id}/consent", Scope.WRITE, this::consent),
                Route.of("GET /v1/profiles/{id}/decisions", Scope.READ, this::decisions),
                Route.of("GET /v1/profiles/{id}/why", Scope.READ, this::why),
                Route.of("GET /v1/sends/{id}", Scope.READ, this::send)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer pause(HttpRequest request) {
    pauses.pause(channels(request));
    return shown();
  }

  private HttpAnswer resume(HttpRequest request) {
    pauses.resume(channels(request));
    return shown();
  }

  /** The channel that the body names; all when it names none or there is no body. */
  private static Set<Channel> channels(HttpRequest request) {
    if (request.body(HttpRequest.MAX_BODY).length == 0) {
      return EnumSet.allOf(Channel.class);
    }
    var body = request.object();
    Optional<Channel> channel = body.optional("channel").map(node -> node.choice(Channel.class));
    body.refuseOthers();
    return channel.<Set<Channel>>map(EnumSet::of).orElseGet(() -> EnumSet.allOf(Channel.class));
  }

  private HttpAnswer fence(HttpRequest request) {
    Instant until = clock.instant().plus(CATCHING_UP);
    if (request.body(HttpRequest.MAX_BODY).length > 0) {
      var body = request.object();
      Optional<JsonNode> given = body.optional("until");
      until = given.map(JsonNode::instant).orElse(until);
      if (given.isPresent() && until.isAfter(clock.instant().plus(FARTHEST_FENCE))) {
        throw given.get().invalid("must not lie more than a day ahead");
      }
      body.refuseOthers();
    }
    pauses.fence(until.truncatedTo(ChronoUnit.MILLIS));
    return shown();
  }

  private HttpAnswer shown() {
    PauseSwitch.Position position = pauses.position();
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(
        "paused",
        new Items(
            position.paused().stream()
                .sorted()
                .<Value>map(channel -> new Text(JsonNode.name(channel)))
                .toList()));
    if (position.fencedUntil() != null) {
      fields.put("fencedUntil", new Text(position.fencedUntil().toString()));
    }
    return HttpAnswer.ok(new Fields(fields));
  }

  private HttpAnswer settings() {
    return HttpAnswer.ok(PolicyCodec.write(DefinedSending.policy(definitions)));
  }

  private HttpAnswer putSettings(HttpRequest request) {
    Policy policy = PolicyCodec.read(request.object().fields());
    Fields document = PolicyCodec.write(policy);
    definitions.put(
        Kind.SETTINGS, DefinedSending.SETTINGS, document, Definition.LIVE, clock.instant());
    return HttpAnswer.ok(document);
  }

  private HttpAnswer history(HttpRequest request) {
    return HttpAnswer.page(
        new Page<>(
            consents.history(find(request).ids(workspace)).stream()
                .map(ConsentCodec::write)
                .toList(),
            null));
  }

  private HttpAnswer consent(HttpRequest request) {
    Person person = find(request);
    Consent consent = ConsentCodec.read(request.object(), clock.instant());
    if (!request.object().has("at")) {
      consent = Permissions.fold(consents.of(person.ids(workspace)).values()).last(consent);
    }
    recordConsent.record(people, person, new PersonId(request.id("id", "profile")), consent);
    return HttpAnswer.ok(ConsentCodec.write(consent));
  }

  private HttpAnswer decisions(HttpRequest request) {
    List<Send> all = listSends.list(find(request), clock.instant());
    Page<Send> page = request.page(all, ManageSendingHandler::place);
    return HttpAnswer.page(
        new Page<>(page.items().stream().map(SendCodec::write).toList(), page.cursor()));
  }

  /** Texts sort as the newest first. */
  private static String place(Send send) {
    return "%013d %s".formatted(9_999_999_999_999L - send.at().toEpochMilli(), send.id());
  }

  private HttpAnswer why(HttpRequest request) {
    Optional<String> definition =
        request
            .query("journey")
            .map(id -> "journey:" + id)
            .or(() -> request.query("broadcast").map(id -> "broadcast:" + id));
    if (definition.isEmpty()) {
      throw Problem.invalid("journey or broadcast is required, for example journey=welcome");
    }
    List<Send> asked =
        listSends.list(find(request), clock.instant()).stream()
            .filter(send -> send.request().definition().equals(definition.get()))
            .toList();
    return HttpAnswer.ok(SendCodec.explained(asked, ExplainSends.explain(asked)));
  }

  private HttpAnswer send(HttpRequest request) {
    return sends
        .find(request.id("id", "send"))
        .filter(send -> clock.instant().isBefore(send.keptUntil()))
        .map(send -> HttpAnswer.ok(SendCodec.write(send)))
        .orElseThrow(() -> Problem.notFound("there is no such send"));
  }

  private Person find(HttpRequest request) {
    return people
        .find(new PersonId(request.id("id", "profile")))
        .orElseThrow(() -> Problem.notFound("there is no such profile"));
  }
}
