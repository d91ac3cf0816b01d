package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Page;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Consents.Blocked;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.consent.RecordConsent;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Csv;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.json.ProfileChangeCodec;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code /v1/suppressions}: email addresses and phone numbers that get nothing, whoever they belong
 * to and whatever is imported. They are kept and shown by their hashes.
 */
public final class ManageSuppressionsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** As many as are surely written before the answer is due. */
  private static final int MOST_ROWS = 500;

  private final String workspace;
  private final Consents consents;
  private final RecordConsent recordConsent;
  private final InstantSource clock;
  private final HttpApi api;

  public ManageSuppressionsHandler() {
    this(Environment.current());
  }

  private ManageSuppressionsHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    this(
        environment.workspace(),
        new DynamoKeys(dynamo, environment.require("TABLE_DEFINITIONS")),
        new DynamoConsents(dynamo, environment.require("TABLE_PEOPLE")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_PROFILE_CHANGES"),
            ProfileChangeCodec::writeMessage),
        environment.clock());
  }

  ManageSuppressionsHandler(
      String workspace,
      Keys keys,
      Consents consents,
      Publisher<ProfileChange> changes,
      InstantSource clock) {
    this.workspace = workspace;
    this.consents = consents;
    this.recordConsent = new RecordConsent(workspace, consents, changes);
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(
                Route.of("GET /v1/suppressions", Scope.READ, this::list),
                Route.of("POST /v1/suppressions", Scope.ADMIN, this::suppress),
                Route.of("POST /v1/suppressions/lift", Scope.ADMIN, this::lift),
                Route.of("POST /v1/suppressions/import", Scope.ADMIN, this::importAll)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  /** All, or the one of the address that is asked for. */
  private HttpAnswer list(HttpRequest request) {
    if (request.query("identifier").isPresent()) {
      PersonId key = key(IdentifierReading.of(request.query("identifier").get()));
      Block block = consents.of(key).block();
      return page(new Page<>(block == null ? List.of() : List.of(new Blocked(key, block)), null));
    }
    String cursor = request.cursor();
    if (cursor != null && !HttpRequest.isId(cursor)) {
      throw Problem.invalid("the cursor is none that was given out");
    }
    return page(consents.blocked(request.pageSize(), cursor));
  }

  private static HttpAnswer page(Page<Blocked> page) {
    return HttpAnswer.page(
        new Page<>(
            page.items().stream().map(ManageSuppressionsHandler::shown).toList(), page.cursor()));
  }

  private HttpAnswer suppress(HttpRequest request) {
    PersonId key = named(request);
    suppress(key);
    return HttpAnswer.ok(shown(new Blocked(key, blockOf(key))));
  }

  private void suppress(PersonId key) {
    recordConsent.change(key, known -> known.with(new Block(Block.Reason.MANUAL, clock.instant())));
  }

  private Block blockOf(PersonId key) {
    Block block = consents.of(key).block();
    if (block == null) {
      throw Problem.conflict("others lifted it just now; try again");
    }
    return block;
  }

  private HttpAnswer lift(HttpRequest request) {
    recordConsent.change(
        named(request),
        known -> {
          if (known.blocks().stream().anyMatch(block -> block.reason().isObjection())) {
            throw Problem.conflict(
                "whoever has the address objected; only they can take that back");
          }
          return known.without(EnumSet.allOf(Block.Reason.class));
        });
    return HttpAnswer.noContent();
  }

  /** A table with a column {@code identifier}, {@code email} or {@code phone}, its first. */
  private HttpAnswer importAll(HttpRequest request) {
    List<List<String>> rows =
        Csv.read(new String(request.body(HttpRequest.MAX_BODY), StandardCharsets.UTF_8));
    if (rows.size() < 2 || rows.size() > MOST_ROWS + 1) {
      throw new InvalidDocument("", "must be a header and 1 to " + MOST_ROWS + " rows");
    }
    String header = rows.getFirst().getFirst().trim();
    List<PersonId> keys = new ArrayList<>();
    for (int row = 1; row < rows.size(); row++) {
      String value = rows.get(row).getFirst().trim();
      try {
        keys.add(
            key(
                header.equals("identifier")
                    ? IdentifierReading.of(value)
                    : IdentifierReading.of(new Namespace(header), value)));
      } catch (Problem e) {
        throw new InvalidDocument("/" + row, "row " + row + " is no email address or phone number");
      }
    }
    Map<PersonId, Permissions> known = consents.of(keys.stream().collect(Collectors.toSet()));
    List<PersonId> fresh =
        known.entrySet().stream()
            .filter(
                one ->
                    one.getValue().blocks().stream()
                        .noneMatch(block -> block.reason() == Block.Reason.MANUAL))
            .map(Map.Entry::getKey)
            .toList();
    fresh.forEach(this::suppress);
    Map<String, Value> counts = new LinkedHashMap<>();
    counts.put("suppressed", Num.of(fresh.size()));
    counts.put("known", Num.of(known.size() - fresh.size()));
    return HttpAnswer.ok(new Fields(counts));
  }

  private PersonId named(HttpRequest request) {
    JsonObject body = request.object();
    JsonNode identifier = body.required("identifier");
    body.refuseOthers();
    return key(IdentifierReading.of(identifier.text()));
  }

  private PersonId key(IdentifierReading reading) {
    if (reading instanceof IdentifierReading.Accepted(Identifier identifier)
        && Set.of(Namespace.EMAIL, Namespace.PHONE).contains(identifier.namespace())) {
      return identifier.hash(workspace);
    }
    throw Problem.invalid(
        "identifier must be email: or phone: and an address, for example email:ann@example.com");
  }

  private static Fields shown(Blocked blocked) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(blocked.address().value()));
    fields.put("reason", new Text(JsonNode.name(blocked.block().reason())));
    fields.put("at", new Text(blocked.block().at().toString()));
    return new Fields(fields);
  }
}
