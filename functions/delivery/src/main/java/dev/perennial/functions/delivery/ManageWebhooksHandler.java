package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoLinkKey;
import dev.perennial.domain.Page;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.definition.Definitions.Next;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.domain.webhook.Targets;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.Webhook.Salt;
import dev.perennial.json.DefinitionCodec;
import dev.perennial.json.JsonObject;
import dev.perennial.json.WebhookCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /v1/webhooks}: who is told of memberships, and the secrets to know us by. */
public final class ManageWebhooksHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private static final int SALT_BYTES = 16;

  private final Definitions definitions;
  private final WebhookSecrets secrets;
  private final Targets targets;
  private final Supplier<String> salts;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageWebhooksHandler() {
    this(Environment.current());
  }

  private ManageWebhooksHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String table = environment.require("TABLE_DEFINITIONS");
    SecureRandom random = new SecureRandom();
    this(
        new DynamoKeys(dynamo, table),
        new DynamoDefinitions(dynamo, table),
        new WebhookSecrets(new DynamoLinkKey(dynamo, table)),
        targets(environment),
        () -> salt(random),
        environment.clock());
  }

  ManageWebhooksHandler(
      Keys keys,
      Definitions definitions,
      WebhookSecrets secrets,
      Targets targets,
      Supplier<String> salts,
      InstantSource clock) {
    this.definitions = definitions;
    this.secrets = secrets;
    this.targets = targets;
    this.salts = salts;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/webhooks", Scope.READ, this::list),
                Route.of("PUT /v1/webhooks/{id}", Scope.ADMIN, this::put),
                Route.of("GET /v1/webhooks/{id}", Scope.READ, this::get),
                Route.of("DELETE /v1/webhooks/{id}", Scope.ADMIN, this::delete),
                Route.of("GET /v1/webhooks/{id}/secrets", Scope.ADMIN, this::secrets),
                Route.of("POST /v1/webhooks/{id}/rotate", Scope.ADMIN, this::rotate)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  /** Public hosts over HTTPS, unless {@code WEBHOOK_TARGETS} is {@code anywhere}. */
  static Targets targets(Environment environment) {
    return new Targets(environment.find("WEBHOOK_TARGETS").orElse("").equals("anywhere"));
  }

  private HttpAnswer list(HttpRequest request) {
    Page<Definition> page = request.page(definitions.list(Kind.WEBHOOK), Definition::id);
    return HttpAnswer.page(
        new Page<>(
            page.items().stream().map(ManageWebhooksHandler::shown).toList(), page.cursor()));
  }

  private HttpAnswer put(HttpRequest request) {
    String id = request.slug("id");
    JsonObject document = request.object();
    for (WebhookCodec.Named named : WebhookCodec.check(document, targets)) {
      if (definitions.find(Kind.SEGMENT, named.segment().value()).isEmpty()) {
        throw named
            .node()
            .invalid("refers to " + named.segment().described() + ", which does not exist");
      }
    }
    secrets.key();
    return HttpAnswer.ok(
        shown(
            store(
                id,
                before ->
                    WebhookCodec.stored(
                        document.fields(),
                        before
                            .map(known -> WebhookCodec.read(id, known.document()).salts())
                            .orElseGet(() -> List.of(new Salt(salts.get(), null)))))));
  }

  private HttpAnswer get(HttpRequest request) {
    return HttpAnswer.ok(shown(find(request)));
  }

  private HttpAnswer delete(HttpRequest request) {
    definitions.delete(Kind.WEBHOOK, find(request).id());
    return HttpAnswer.noContent();
  }

  private HttpAnswer secrets(HttpRequest request) {
    return secrets(find(request));
  }

  private HttpAnswer rotate(HttpRequest request) {
    String id = request.path("id");
    return secrets(
        store(
            id,
            before -> {
              Fields known = before.orElseThrow(() -> none(id)).document();
              return WebhookCodec.stored(
                  WebhookCodec.shown(known),
                  WebhookCodec.read(id, known).rotated(salts.get(), clock.instant()));
            }));
  }

  private HttpAnswer secrets(Definition stored) {
    Webhook webhook = WebhookCodec.read(stored.id(), stored.document());
    return HttpAnswer.ok(
        new Fields(
            Map.of(
                "secrets",
                new Items(
                    webhook.salts(clock.instant()).stream()
                        .<Value>map(salt -> shown(webhook, salt))
                        .toList()))));
  }

  private Fields shown(Webhook webhook, Salt salt) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("secret", new Text(secrets.secret(webhook.id(), salt)));
    Instant until = salt.until();
    if (until != null) {
      fields.put("until", new Text(until.toString()));
    }
    return new Fields(fields);
  }

  /** Made of what is there then: salts of another edit at once are kept. */
  private Definition store(String id, Function<Optional<Definition>, Fields> document) {
    Instant now = clock.instant();
    return definitions
        .put(
            Kind.WEBHOOK,
            id,
            before -> Optional.of(new Next(document.apply(before), Definition.LIVE, now)))
        .orElseThrow();
  }

  private Definition find(HttpRequest request) {
    String id = request.path("id");
    return definitions.find(Kind.WEBHOOK, id).orElseThrow(() -> none(id));
  }

  private static Problem none(String id) {
    return Problem.notFound("there is no webhook " + id);
  }

  private static Fields shown(Definition webhook) {
    return DefinitionCodec.write(webhook, WebhookCodec.shown(webhook.document()), Map.of());
  }

  private static String salt(SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
  }
}
