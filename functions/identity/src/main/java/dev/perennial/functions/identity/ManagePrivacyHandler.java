package dev.perennial.functions.identity;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoEnrollments;
import dev.perennial.aws.dynamodb.DynamoErasures;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoQuarantine;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsEvents;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Contended;
import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.erasure.RequestErasure.Answer;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.Quarantine.Kept;
import dev.perennial.domain.profile.ReleaseQuarantine;
import dev.perennial.domain.profile.ReleaseQuarantine.Released;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.DueCodec;
import dev.perennial.json.ErasureCodec;
import dev.perennial.json.IdentityCodec;
import dev.perennial.json.Json;
import dev.perennial.json.ProfileCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What people may ask of whoever keeps data about them, and what is kept aside of those who send
 * too much.
 */
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
  private final ReleaseQuarantine releaseQuarantine;
  private final Stores stores;
  private final String workspace;
  private final InstantSource clock;
  private final HttpApi api;

  /** What is read here. */
  record Stores(
      Keys keys,
      Erasures erasures,
      People people,
      ShowProfile showProfile,
      Consents consents,
      Enrollments enrollments,
      Sends sends,
      History history,
      Quarantine quarantine,
      int mostUserIds) {}

  public ManagePrivacyHandler() {
    this(Environment.current());
  }

  private ManagePrivacyHandler(Environment environment) {
    this(stores(environment), environment);
  }

  private ManagePrivacyHandler(Stores stores, Environment environment) {
    this(
        stores,
        new RequestErasure(
            environment.workspace(),
            stores.people(),
            stores.erasures(),
            new DynamoTimers(
                DynamoClients.open(environment.variables()), environment.require("TABLE_TIMERS")),
            new SqsPublisher<>(
                SqsClients.open(environment.variables()),
                environment.require("QUEUE_ERASURES"),
                DueCodec::writeMessage),
            refusedFor(environment),
            () -> Digest.of(UUID.randomUUID().toString()),
            Pause.withJitter(new SecureRandom())),
        new SqsEvents(
            SqsClients.open(environment.variables()), environment.require("QUEUE_EVENTS")),
        Pause.withJitter(new SecureRandom()),
        environment.workspace(),
        environment.clock());
  }

  ManagePrivacyHandler(
      Stores stores,
      RequestErasure requestErasure,
      Publisher<Event> events,
      Pause pause,
      String workspace,
      InstantSource clock) {
    this.requestErasure = requestErasure;
    this.releaseQuarantine =
        new ReleaseQuarantine(stores.people(), stores.quarantine(), events, pause);
    this.stores = stores;
    this.workspace = workspace;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(stores.keys(), clock),
            List.of(
                Route.of("DELETE /v1/profiles/{id}", Scope.ADMIN, this::erase),
                Route.of("GET /v1/erasures/{id}", Scope.READ, this::erasure),
                Route.of("GET /v1/profiles/{id}/export", Scope.READ, this::export),
                Route.of("GET /v1/quarantine", Scope.READ, this::quarantine),
                Route.of("POST /v1/quarantine/{id}/release", Scope.ADMIN, this::release),
                Route.of("POST /v1/quarantine/{id}/discard", Scope.ADMIN, this::discard)));
  }

  private static Stores stores(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String people = environment.require("TABLE_PEOPLE");
    String definitions = environment.require("TABLE_DEFINITIONS");
    String history = environment.require("TABLE_HISTORY");
    String workspace = environment.workspace();
    DynamoTotals totals = new DynamoTotals(dynamo, definitions);
    DynamoConsents consents = new DynamoConsents(dynamo, people);
    return new Stores(
        new DynamoKeys(dynamo, definitions),
        new DynamoErasures(dynamo, people, definitions, totals, consents),
        new DynamoPeople(dynamo, people, totals, workspace),
        ShowProfile.of(environment),
        consents,
        new DynamoEnrollments(dynamo, environment.require("TABLE_JOURNEYS")),
        new DynamoSends(dynamo, environment.require("TABLE_SENDS"), consents, definitions),
        new DynamoHistory(dynamo, history, workspace),
        new DynamoQuarantine(dynamo, history, workspace),
        Identities.mostUserIds(environment));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer export(HttpRequest request) {
    Person person =
        stores
            .people()
            .find(new PersonId(request.id("id", "profile")))
            .orElseThrow(() -> Problem.notFound("there is no such profile"));
    if (person.unsettled()) {
      throw new Contended("who belongs to the person");
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    if (request.cursor() == null) {
      fields.putAll(stores.showProfile().whole(person, clock.instant()).fields());
      fields.putAll(
          IdentityCodec.write(Identities.explain(person, stores.people(), stores.mostUserIds()))
              .fields());
    } else {
      fields.put("id", new Text(person.id().value()));
    }
    int begun = Json.text(new Fields(fields)).length();
    fields.putAll(new ExportProfile(person, workspace, stores, begun).part(request.cursor()));
    return HttpAnswer.ok(new Fields(fields));
  }

  private HttpAnswer quarantine(HttpRequest request) {
    Page<Kept> page = stores.quarantine().list(request.pageSize(), request.cursor());
    return HttpAnswer.page(
        new Page<>(page.items().stream().map(ProfileCodec::write).toList(), page.cursor()));
  }

  private HttpAnswer release(HttpRequest request) {
    return answer(releaseQuarantine.release(owner(request), clock.instant()));
  }

  private HttpAnswer discard(HttpRequest request) {
    return answer(releaseQuarantine.discard(owner(request)));
  }

  private static PersonId owner(HttpRequest request) {
    return new PersonId(request.id("id", "quarantine"));
  }

  private static HttpAnswer answer(Optional<Released> released) {
    Released done =
        released.orElseThrow(() -> Problem.notFound("nothing is kept aside under that id"));
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("identifier", new Text(done.kept().identifier().toString()));
    fields.put("events", Num.of(done.events()));
    fields.put("left", Num.of(done.left()));
    return HttpAnswer.ok(new Fields(fields));
  }

  private HttpAnswer erase(HttpRequest request) {
    PersonId id = new PersonId(request.id("id", "profile"));
    return switch (requestErasure.erase(id, request.key().name(), clock.instant())) {
      case Answer.Erasing(var erasure) -> HttpAnswer.accepted(ErasureCodec.write(erasure));
      case Answer.Nobody _ -> throw Problem.notFound("there is no such profile");
    };
  }

  private HttpAnswer erasure(HttpRequest request) {
    return HttpAnswer.ok(
        ErasureCodec.write(
            stores
                .erasures()
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
