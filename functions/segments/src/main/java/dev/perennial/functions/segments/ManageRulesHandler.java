package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Page;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.definition.Definitions.Next;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.DefinitionCodec;
import dev.perennial.json.FormulaCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.json.LifecycleCodec;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.RulesCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code /v1/lifecycle} and {@code /v1/traits}: what the lifecycle, its stages and computed traits
 * mean in this workspace. Everybody is evaluated anew by what asks for something that changed.
 */
public final class ManageRulesHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Definitions definitions;
  private final Publisher<RulesChange> changes;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageRulesHandler() {
    this(Environment.current());
  }

  private ManageRulesHandler(Environment environment) {
    this(
        new DynamoKeys(
            DynamoClients.open(environment.variables()), environment.require("TABLE_DEFINITIONS")),
        new DynamoDefinitions(
            DynamoClients.open(environment.variables()), environment.require("TABLE_DEFINITIONS")),
        environment);
  }

  private ManageRulesHandler(Keys keys, Definitions definitions, Environment environment) {
    this(
        keys,
        definitions,
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_BACKFILLS"),
            BackfillCodec::writeMessage),
        environment.clock());
  }

  ManageRulesHandler(
      Keys keys, Definitions definitions, Publisher<RulesChange> changes, InstantSource clock) {
    this.definitions = definitions;
    this.changes = changes;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/lifecycle", Scope.READ, _ -> lifecycle()),
                Route.of("PUT /v1/lifecycle", Scope.WRITE, this::putLifecycle),
                Route.of("GET /v1/traits", Scope.READ, this::list),
                Route.of("PUT /v1/traits/{id}", Scope.WRITE, this::put),
                Route.of("GET /v1/traits/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/traits/{id}", Scope.WRITE, this::delete)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer lifecycle() {
    return HttpAnswer.ok(RulesCodec.lifecycle(definitions));
  }

  private HttpAnswer putLifecycle(HttpRequest request) {
    JsonObject document = request.object();
    LiveDefinitions.problems(definitions, LifecycleCodec.read(document))
        .forEach(
            (stage, problem) -> {
              throw new InvalidDocument("/stages/" + JsonNode.name(stage), problem);
            });
    Definition lifecycle = put(Kind.SETTINGS, RulesCodec.LIFECYCLE, document.fields());
    changes.publish(List.of(new RulesChange(lifecycle.at(), null)));
    return lifecycle();
  }

  private HttpAnswer list(HttpRequest request) {
    Map<String, Definition> all = new TreeMap<>();
    RulesCodec.shipped()
        .traits()
        .forEach((name, trait) -> all.put(name, shipped(name, (Fields) trait)));
    definitions.list(Kind.TRAIT).stream()
        .filter(trait -> !trait.isShipped())
        .forEach(trait -> all.put(trait.id(), trait));
    Page<Definition> page = request.page(List.copyOf(all.values()), Definition::id);
    return HttpAnswer.page(
        new Page<>(page.items().stream().map(DefinitionCodec::write).toList(), page.cursor()));
  }

  private HttpAnswer put(HttpRequest request) {
    String name = request.slug("id");
    JsonObject document = request.object();
    FormulaCodec.read(document);
    Definition trait = put(Kind.TRAIT, name, document.fields());
    changes.publish(List.of(new RulesChange(trait.at(), name)));
    return HttpAnswer.ok(DefinitionCodec.write(trait));
  }

  private HttpAnswer get(HttpRequest request) {
    String name = request.path("id");
    return HttpAnswer.ok(
        DefinitionCodec.write(
            definitions
                .find(Kind.TRAIT, name)
                .filter(trait -> !trait.isShipped())
                .or(() -> RulesCodec.shipped().trait(name).map(trait -> shipped(name, trait)))
                .orElseThrow(() -> Problem.notFound("there is no computed trait " + name))));
  }

  /** What is shipped under that name holds again, if there is such. */
  private HttpAnswer delete(HttpRequest request) {
    String name = request.path("id");
    Optional<Fields> shipped = RulesCodec.shipped().trait(name);
    if (shipped.isPresent()) {
      takeBack(name, shipped.get());
      return HttpAnswer.noContent();
    }
    if (definitions.find(Kind.TRAIT, name).isEmpty()) {
      throw Problem.notFound("there is no computed trait " + name);
    }
    LiveDefinitions.conditions(definitions)
        .forEach((segment, condition) -> refuseIfAsked(name, segment.described(), condition));
    LifecycleCodec.read(JsonObject.root(RulesCodec.lifecycle(definitions)))
        .stages()
        .forEach(
            (stage, condition) ->
                refuseIfAsked(name, "the stage " + JsonNode.name(stage), condition));
    definitions.delete(Kind.TRAIT, name);
    changes.publish(List.of(new RulesChange(clock.instant(), name)));
    return HttpAnswer.noContent();
  }

  /** By a version of its own, which says since when: segments ask for the trait all the while. */
  private void takeBack(String name, Fields shipped) {
    definitions
        .put(
            Kind.TRAIT,
            name,
            newest ->
                newest
                    .filter(trait -> !trait.isShipped())
                    .map(_ -> new Next(shipped, Definition.SHIPPED, clock.instant())))
        .ifPresent(trait -> changes.publish(List.of(new RulesChange(trait.at(), name))));
  }

  private static void refuseIfAsked(String name, String asking, Condition condition) {
    if (new RulesChange(Instant.MAX, name).concerns(condition)) {
      throw Problem.conflict(asking + " refers to it");
    }
  }

  /** The definition as it then is; what is said already is not said again. */
  private Definition put(Kind kind, String id, Fields document) {
    Optional<Definition> newest = definitions.find(kind, id);
    return newest.isPresent()
            && !newest.get().isShipped()
            && newest.get().document().equals(document)
        ? newest.get()
        : definitions.put(kind, id, document, Definition.LIVE, clock.instant());
  }

  private static Definition shipped(String name, Fields document) {
    return new Definition(Kind.TRAIT, name, 0, Definition.SHIPPED, document, Instant.EPOCH);
  }
}
