package dev.perennial.functions.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.functions.ingest.AcceptEvents.Refusal;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.Json;
import dev.perennial.json.JsonBatch;
import dev.perennial.json.JsonBatch.Element;
import dev.perennial.json.JsonNode;
import dev.perennial.lambda.Authorizer;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.HttpAnswer;
import dev.perennial.lambda.HttpApi;
import dev.perennial.lambda.HttpRequest;
import dev.perennial.lambda.Problem;
import dev.perennial.lambda.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /v1/identify | track | page | screen | group | alias | batch | import}. Clients drop
 * what is answered with 400, 401 or 413 and send again after 5xx, so 4xx is only for what can never
 * succeed.
 */
public final class AcceptEventsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** Longest body, in bytes after decompression. */
  static final int MAX_BODY = 500 * 1024;

  /** Most elements of a batch: an answer that rejects each of them must fit into Lambda's 6 MB. */
  static final int MAX_ELEMENTS = 10_000;

  private static final String BATCH = "batch";
  private static final Value SUCCESS = new Bool(true);

  private final AcceptEvents acceptEvents;
  private final Authorizer authorizer;
  private final HttpApi api;

  public AcceptEventsHandler() {
    this(Environment.current());
  }

  private AcceptEventsHandler(Environment environment) {
    this(
        new DynamoKeys(
            DynamoClients.open(environment.variables()), environment.require("TABLE_DEFINITIONS")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_EVENTS"),
            message -> message),
        environment.clock());
  }

  AcceptEventsHandler(Keys keys, Publisher<String> events, InstantSource clock) {
    acceptEvents = new AcceptEvents(events, clock);
    authorizer = new Authorizer(keys, clock);
    List<Route> routes = new ArrayList<>();
    for (EventType type : EventType.values()) {
      routes.add(
          Route.open("POST /v1/" + JsonNode.name(type), request -> acceptOne(type, request)));
    }
    routes.add(Route.open("POST /v1/batch", this::acceptBatch));
    routes.add(Route.open("POST /v1/import", this::acceptBatch));
    api = new HttpApi(authorizer, routes);
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer acceptOne(EventType type, HttpRequest request) {
    Optional<Key> sender = senderByHeader(request);
    Value document = Json.read(request.body(MAX_BODY));
    Key key = sender.orElseGet(() -> senderByBody(document));
    Optional<Refusal> refused = acceptEvents.one(type, document, key);
    if (refused.isPresent()) {
      Refusal refusal = refused.get();
      throw new Problem(400, refusal.title(), refusal.detail(), refusal.pointer());
    }
    return HttpAnswer.ok(new Fields(Map.of("success", SUCCESS)));
  }

  private HttpAnswer acceptBatch(HttpRequest request) {
    Optional<Key> sender = senderByHeader(request);
    JsonBatch document = Json.readBatch(request.body(MAX_BODY), BATCH);
    Key key = sender.orElseGet(() -> senderByBody(document.fields()));
    List<Element> elements = document.elements();
    if (elements == null) {
      throw new InvalidDocument("/" + BATCH, "must be a list of events");
    }
    if (elements.size() > MAX_ELEMENTS) {
      throw Problem.tooLarge("the batch has more than " + MAX_ELEMENTS + " events");
    }
    List<Refusal> refused = acceptEvents.batch(document.fields(), elements, "/" + BATCH, key);
    Map<String, Value> answer = new LinkedHashMap<>();
    answer.put("success", SUCCESS);
    if (!refused.isEmpty()) {
      answer.put("rejected", new Items(refused.stream().map(AcceptEventsHandler::write).toList()));
    }
    return HttpAnswer.ok(new Fields(answer));
  }

  /** A key in the header counts alone, and is checked before the body is touched. */
  private Optional<Key> senderByHeader(HttpRequest request) {
    return Authorizer.presented(request)
        .map(sent -> authorizer.authorize(Optional.of(sent), Scope.INGEST));
  }

  private Key senderByBody(Value document) {
    Optional<String> sent =
        document instanceof Fields fields
            ? Optional.ofNullable(fields.text("writeKey"))
            : Optional.empty();
    return authorizer.authorize(sent, Scope.INGEST);
  }

  private static Value write(Refusal refusal) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("index", Num.of(refusal.index()));
    fields.put("type", new Text(Problem.type(refusal.title())));
    fields.put("pointer", new Text(refusal.pointer()));
    fields.put("detail", new Text(refusal.detail()));
    return new Fields(fields);
  }
}
