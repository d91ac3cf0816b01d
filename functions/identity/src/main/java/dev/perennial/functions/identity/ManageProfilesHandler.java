package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ListSends;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.SendTotals;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.functions.identity.Timeline.Moment;
import dev.perennial.json.IdentityCodec;
import dev.perennial.json.JsonNode;
import dev.perennial.json.OpenApi;
import dev.perennial.json.ProfileCodec;
import dev.perennial.json.SendCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code /v1/profiles} and {@code /v1/insights/totals}: what is known of people, and what they
 * allow.
 */
public final class ManageProfilesHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final People people;
  private final History history;
  private final ShowProfile showProfile;
  private final ListSends listSends;
  private final Totals totals;
  private final String workspace;
  private final int mostUserIds;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageProfilesHandler() {
    this(Environment.current());
  }

  private ManageProfilesHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_PEOPLE");
    DynamoTotals dynamoTotals = new DynamoTotals(dynamo, environment.require("TABLE_DEFINITIONS"));
    DynamoConsents dynamoConsents = new DynamoConsents(dynamo, table);
    this(
        new DynamoKeys(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoPeople(dynamo, table, dynamoTotals, environment.workspace()),
        new DynamoHistory(dynamo, environment.require("TABLE_HISTORY"), environment.workspace()),
        ShowProfile.of(environment),
        new DynamoSends(
            dynamo,
            environment.require("TABLE_SENDS"),
            dynamoConsents,
            environment.require("TABLE_DEFINITIONS")),
        dynamoTotals,
        environment.workspace(),
        Identities.mostUserIds(environment),
        environment.clock());
  }

  ManageProfilesHandler(
      Keys keys,
      People people,
      History history,
      ShowProfile showProfile,
      Sends sends,
      Totals totals,
      String workspace,
      int mostUserIds,
      InstantSource clock) {
    this.people = people;
    this.history = history;
    this.showProfile = showProfile;
    this.listSends = new ListSends(people, sends);
    this.totals = totals;
    this.workspace = workspace;
    this.mostUserIds = mostUserIds;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/profiles", Scope.READ, this::search),
                Route.of("GET /v1/profiles/{id}", Scope.READ, this::get),
                Route.of("GET /v1/profiles/{id}/identity", Scope.READ, this::identity),
                Route.of("GET /v1/profiles/{id}/history", Scope.READ, this::history),
                Route.of("GET /v1/profiles/{id}/sends", Scope.READ, this::sends),
                Route.of("GET /v1/insights/totals", Scope.READ, this::totals),
                Route.open("GET /v1/openapi.yaml", _ -> HttpAnswer.yaml(OpenApi.yaml()))));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer search(HttpRequest request) {
    String sought =
        request
            .query("identifier")
            .orElseThrow(
                () -> Problem.invalid("identifier is required, for example identifier=userId:42"));
    return switch (IdentifierReading.of(sought)) {
      case IdentifierReading.Accepted accepted ->
          shown(find(accepted.identifier().hash(workspace)));
      case IdentifierReading.Blocked blocked ->
          throw Problem.invalid("identifier: " + blocked.reason());
      case IdentifierReading.Invalid invalid ->
          throw Problem.invalid("identifier: " + invalid.reason());
    };
  }

  private HttpAnswer get(HttpRequest request) {
    return shown(find(request));
  }

  private HttpAnswer identity(HttpRequest request) {
    return HttpAnswer.ok(
        IdentityCodec.write(Identities.explain(find(request), people, mostUserIds)));
  }

  private HttpAnswer history(HttpRequest request) {
    Person person = find(request);
    Timeline timeline = new Timeline(request.pageSize(), request.cursor());
    for (Send send : listSends.list(person, clock.instant())) {
      timeline.add(new Moment(send.at(), send.id(), SendCodec.writeHistory(send)));
    }
    new ReadHistory(history).read(person, timeline);
    return HttpAnswer.page(timeline.page());
  }

  private HttpAnswer sends(HttpRequest request) {
    Timeline timeline = new Timeline(request.pageSize(), request.cursor());
    for (Send send : listSends.list(find(request), clock.instant())) {
      timeline.add(new Moment(send.at(), send.id(), SendCodec.write(send)));
    }
    return HttpAnswer.page(timeline.page());
  }

  private HttpAnswer totals(HttpRequest request) {
    Map<Channel, Map<String, String>> sends = new EnumMap<>(Channel.class);
    for (Channel channel : Channel.values()) {
      Map<String, String> names = new LinkedHashMap<>();
      for (Send.State state : Send.State.values()) {
        names.put(JsonNode.name(state), SendTotals.of(channel, state));
      }
      for (Receipt.Kind kind : Receipt.Kind.values()) {
        names.put(JsonNode.name(kind), SendTotals.of(channel, kind));
      }
      sends.put(channel, names);
    }
    Set<String> names =
        new HashSet<>(
            Set.of(
                Totals.PROFILES,
                Totals.EVENTS,
                Totals.REFUSED,
                Totals.DIFFERENT,
                Totals.QUARANTINED));
    sends.values().forEach(ofChannel -> names.addAll(ofChannel.values()));
    Map<String, Long> read = totals.read(names);
    Map<String, Map<String, Long>> bySends = new LinkedHashMap<>();
    sends.forEach(
        (channel, ofChannel) ->
            ofChannel.forEach(
                (state, name) -> {
                  long n = read.getOrDefault(name, 0L);
                  if (n != 0) {
                    bySends
                        .computeIfAbsent(JsonNode.name(channel), _ -> new LinkedHashMap<>())
                        .put(state, n);
                  }
                }));
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("profiles", read.getOrDefault(Totals.PROFILES, 0L));
    counts.put("events", read.getOrDefault(Totals.EVENTS, 0L));
    counts.put("refused", read.getOrDefault(Totals.REFUSED, 0L));
    counts.put("different", read.getOrDefault(Totals.DIFFERENT, 0L));
    counts.put("quarantined", read.getOrDefault(Totals.QUARANTINED, 0L));
    return HttpAnswer.ok(ProfileCodec.writeTotals(counts, bySends));
  }

  private Person find(HttpRequest request) {
    return find(new PersonId(request.id("id", "profile")));
  }

  private Person find(PersonId id) {
    return people.find(id).orElseThrow(() -> Problem.notFound("there is no such profile"));
  }

  private HttpAnswer shown(Person person) {
    return HttpAnswer.ok(showProfile.show(person, clock.instant()));
  }
}
