package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.Page;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Templates;
import dev.perennial.domain.delivery.Templates.Flaw;
import dev.perennial.domain.delivery.Templates.Rendering;
import dev.perennial.domain.delivery.Variables;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.ContentCodec;
import dev.perennial.json.DefinitionCodec;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** {@code /v1/content}: what there is to say. */
public final class ManageContentHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final String workspace;
  private final Definitions definitions;
  private final People people;
  private final Templates templates = new LiquidTemplates();
  private final InstantSource clock;
  private final HttpApi api;

  public ManageContentHandler() {
    this(Environment.current());
  }

  private ManageContentHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    this(
        environment.workspace(),
        new DynamoKeys(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoDefinitions(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, environment.require("TABLE_DEFINITIONS")),
            environment.workspace()),
        environment.clock());
  }

  ManageContentHandler(
      String workspace, Keys keys, Definitions definitions, People people, InstantSource clock) {
    this.workspace = workspace;
    this.definitions = definitions;
    this.people = people;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/content", Scope.READ, this::list),
                Route.of("PUT /v1/content/{id}", Scope.WRITE, this::put),
                Route.of("GET /v1/content/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/content/{id}", Scope.WRITE, this::delete),
                Route.of("POST /v1/content/{id}/render", Scope.READ, this::render)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer list(HttpRequest request) {
    Page<Definition> page = request.page(definitions.list(Kind.CONTENT), Definition::id);
    return HttpAnswer.page(
        new Page<>(page.items().stream().map(ManageContentHandler::shown).toList(), page.cursor()));
  }

  private HttpAnswer put(HttpRequest request) {
    String id = request.slug("id");
    Fields document = request.object().fields();
    Content content = ContentCodec.read(id, 0, document);
    for (Rendition rendition : content.renditions().values()) {
      List<Flaw> flaws = templates.check(rendition);
      if (!flaws.isEmpty()) {
        throw new InvalidDocument(
            "/" + JsonNode.name(rendition.channel()) + "/" + flaws.getFirst().part(),
            flaws.getFirst().detail());
      }
    }
    return HttpAnswer.ok(
        shown(
            definitions
                .find(Kind.CONTENT, id)
                .filter(newest -> newest.document().equals(document))
                .orElseGet(
                    () ->
                        definitions.put(
                            Kind.CONTENT, id, document, Definition.READY, clock.instant()))));
  }

  private HttpAnswer get(HttpRequest request) {
    return HttpAnswer.ok(shown(find(request)));
  }

  private HttpAnswer delete(HttpRequest request) {
    definitions.delete(Kind.CONTENT, find(request).id());
    return HttpAnswer.noContent();
  }

  private HttpAnswer render(HttpRequest request) {
    Definition found = find(request);
    Content content = ContentCodec.read(found.id(), found.version(), found.document());
    JsonObject body = request.object();
    JsonNode channel = body.required("channel");
    Rendition template = content.renditions().get(channel.choice(Channel.class));
    if (template == null) {
      throw channel.invalid("is a channel that the content has no rendition for");
    }
    Person person = NamedPerson.find(body, people, workspace);
    Fields data = body.optional("data").map(node -> node.object().fields()).orElse(Fields.EMPTY);
    body.refuseOthers();
    return switch (templates.render(template, Variables.of(person, data))) {
      case Rendering.Rendered(Rendition rendition) -> HttpAnswer.ok(ContentCodec.write(rendition));
      case Rendering.Broken(Flaw flaw) ->
          throw new Problem(422, "Template fails", flaw.part() + ": " + flaw.detail());
    };
  }

  private Definition find(HttpRequest request) {
    return definitions
        .find(Kind.CONTENT, request.slug("id"))
        .orElseThrow(() -> Problem.notFound("there is no content " + request.path("id")));
  }

  private static Fields shown(Definition content) {
    return DefinitionCodec.write(content, content.document(), Map.of());
  }
}
