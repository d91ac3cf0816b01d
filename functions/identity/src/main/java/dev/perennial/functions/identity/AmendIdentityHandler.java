package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Pause;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.AmendIdentity.Amendment;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.json.IdentityCodec;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What the team says of who is who. */
public final class AmendIdentityHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final AmendIdentity amend;
  private final ShowProfile showProfile;
  private final InstantSource clock;
  private final HttpApi api;

  public AmendIdentityHandler() {
    this(Environment.current());
  }

  private AmendIdentityHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String people = environment.require("TABLE_PEOPLE");
    String definitions = environment.require("TABLE_DEFINITIONS");
    this(
        new DynamoKeys(dynamo, definitions),
        new AmendIdentity(
            new DynamoPeople(
                dynamo, people, new DynamoTotals(dynamo, definitions), environment.workspace()),
            new DynamoTimers(dynamo, environment.require("TABLE_TIMERS")),
            new SqsPublisher<>(
                SqsClients.open(environment.variables()),
                environment.require("QUEUE_PROFILE_CHANGES"),
                ProfileChangeCodec::writeMessage),
            Identities.mostUserIds(environment),
            environment.clock(),
            Pause.withJitter(new SecureRandom())),
        ShowProfile.of(environment),
        environment.clock());
  }

  AmendIdentityHandler(
      Keys keys, AmendIdentity amend, ShowProfile showProfile, InstantSource clock) {
    this.amend = amend;
    this.showProfile = showProfile;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("POST /v1/profiles/merge", Scope.WRITE, this::merge),
                Route.of(
                    "POST /v1/profiles/{id}/links/{link}/withdraw", Scope.WRITE, this::withdraw),
                Route.of("POST /v1/profiles/{id}/links/{link}/allow", Scope.WRITE, this::allow),
                Route.of("POST /v1/profiles/{id}/identifiers/reset", Scope.ADMIN, this::reset),
                Route.of("POST /v1/profiles/{id}/tags", Scope.WRITE, this::tag)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer merge(HttpRequest request) {
    List<Identifier> identifiers = IdentityCodec.readMerge(request.object());
    return switch (amend.merge(identifiers)) {
      case Amendment.Shared(Identifier identifier) ->
          throw new Problem(
              409,
              "Conflict",
              "a shared identifier joins nobody; see /identity of the profile, and reset it first",
              "/identifiers/" + identifiers.indexOf(identifier));
      case Amendment.Unknown(Identifier identifier) ->
          throw new Problem(
              404,
              "Not found",
              "nobody is known by this identifier",
              "/identifiers/" + identifiers.indexOf(identifier));
      case Amendment amendment -> one(amendment);
    };
  }

  private HttpAnswer withdraw(HttpRequest request) {
    return all(amend.withdraw(person(request), link(request), request.key().name()));
  }

  private HttpAnswer allow(HttpRequest request) {
    return all(amend.allow(person(request), link(request)));
  }

  private HttpAnswer reset(HttpRequest request) {
    return one(amend.reset(person(request), IdentityCodec.readReset(request.object())));
  }

  private HttpAnswer tag(HttpRequest request) {
    return one(amend.tag(person(request), IdentityCodec.readTags(request.object())));
  }

  private static PersonId person(HttpRequest request) {
    return new PersonId(request.id("id", "profile"));
  }

  private static String link(HttpRequest request) {
    return request.id("link", "link");
  }

  private HttpAnswer one(Amendment amendment) {
    return HttpAnswer.ok(shown(amended(amendment).getFirst()));
  }

  /** The people at both ends of a link, who may be one. */
  private HttpAnswer all(Amendment amendment) {
    return HttpAnswer.ok(
        new Fields(
            Map.of(
                "profiles",
                new Items(List.copyOf(amended(amendment).stream().map(this::shown).toList())))));
  }

  private static List<Person> amended(Amendment amendment) {
    return switch (amendment) {
      case Amendment.Amended(List<Person> people) -> people;
      case Amendment.TooLarge _ ->
          throw Problem.conflict("one person could not hold all that is known of these people");
      case Amendment.Missing _, Amendment.Unknown _, Amendment.Shared _ ->
          throw Problem.notFound("there is no such profile, or it has no such link or identifier");
    };
  }

  private Fields shown(Person person) {
    return showProfile.show(person, clock.instant());
  }
}
