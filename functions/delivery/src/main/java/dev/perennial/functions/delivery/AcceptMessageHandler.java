package dev.perennial.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.aws.dynamodb.DynamoAskedMessages;
import dev.perennial.aws.dynamodb.DynamoCatalogs;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Digest;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.delivery.AskedMessages;
import dev.perennial.domain.delivery.AskedMessages.Asked;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Contents;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.json.SendRequestCodec;
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

/**
 * {@code POST /v1/messages}: one message to one person, asked for by the team's own servers. What
 * was accepted is durable when the answer goes; the same key asks for the same message.
 */
public final class AcceptMessageHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** Longest body, in bytes: as of an event. */
  private static final int MAX_BODY = 32 * 1024;

  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_NAME = 64;
  private static final String DEFINITION = "messages";

  private final String workspace;
  private final Contents contents;
  private final People people;
  private final AskedMessages asked;
  private final Publisher<SendRequest> messages;
  private final InstantSource clock;
  private final HttpApi api;

  public AcceptMessageHandler() {
    this(Environment.current());
  }

  private AcceptMessageHandler(Environment environment) {
    var dynamo = DynamoClients.open(environment.variables());
    String definitions = environment.require("TABLE_DEFINITIONS");
    this(
        environment.workspace(),
        new DynamoKeys(dynamo, definitions),
        new DefinedSending(
            new DynamoDefinitions(dynamo, definitions),
            DynamoCatalogs.freshFor(environment.variables())),
        new DynamoPeople(
            dynamo,
            environment.require("TABLE_PEOPLE"),
            new DynamoTotals(dynamo, definitions),
            environment.workspace()),
        new DynamoAskedMessages(dynamo, environment.require("TABLE_SENDS")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_MESSAGES"),
            SendRequestCodec::writeMessage),
        environment.clock());
  }

  AcceptMessageHandler(
      String workspace,
      Keys keys,
      Contents contents,
      People people,
      AskedMessages asked,
      Publisher<SendRequest> messages,
      InstantSource clock) {
    this.workspace = workspace;
    this.contents = contents;
    this.people = people;
    this.asked = asked;
    this.messages = messages;
    this.clock = clock;
    this.api =
        new HttpApi(
            new Authorizer(keys, clock),
            List.of(Route.of("POST /v1/messages", Scope.LAUNCH, this::accept)));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return api.answer(event, context);
  }

  private HttpAnswer accept(HttpRequest request) {
    String key =
        request
            .header("Idempotency-Key")
            .filter(given -> !given.isBlank() && given.length() <= LONGEST_KEY)
            .orElseThrow(
                () ->
                    Problem.invalid(
                        "the header Idempotency-Key is required, with at most "
                            + LONGEST_KEY
                            + " characters that tell this message from all others"));
    JsonObject message = JsonObject.root(Json.read(request.body(MAX_BODY)));
    Person person = NamedPerson.find(message, people, workspace);
    Content content = content(message.required("content"));
    SendRequest wish = wish(message, person, content, key, clock.instant());
    message.refuseOthers();
    String id = SendMessage.id(workspace, wish);
    String fingerprint = Digest.of(Json.text(message.fields()));
    Asked first = asked.ask(id, new Asked(fingerprint, wish.asked()));
    if (!first.fingerprint().equals(fingerprint)) {
      throw Problem.conflict("this Idempotency-Key was used for another message");
    }
    messages.publish(List.of(wish(message, person, content, key, first.at())));
    return HttpAnswer.accepted(
        new Fields(Map.of("id", new Text(id), "profileId", new Text(person.id().value()))));
  }

  private Content content(JsonNode name) {
    return contents
        .find(name.text(LONGEST_NAME))
        .orElseThrow(() -> name.invalid("names no content that there is"));
  }

  private static SendRequest wish(
      JsonObject message, Person person, Content content, String key, Instant at) {
    return new SendRequest(
        person.id(),
        DEFINITION,
        "message",
        key,
        key,
        content.id(),
        channels(message, content),
        message
            .optional("topic")
            .map(topic -> topic.line(LONGEST_NAME))
            .orElse(Policy.TRANSACTIONAL),
        null,
        message.optional("data").map(data -> data.object().fields()).orElse(Fields.EMPTY),
        at,
        message.optional("expiresAfter").map(JsonNode::duration).map(at::plus).orElse(null),
        message.optional("atLeastOnce").map(JsonNode::truth).orElse(false));
  }

  /** In order of preference: as the body says, or all that the content is for. */
  private static List<Channel> channels(JsonObject message, Content content) {
    Optional<JsonNode> given = message.optional("channels");
    if (given.isEmpty()) {
      return content.renditions().keySet().stream().sorted().toList();
    }
    List<Channel> channels =
        given.get().list().stream().map(node -> node.choice(Channel.class)).distinct().toList();
    if (channels.isEmpty()) {
      throw given.get().invalid("must name at least one channel");
    }
    return channels;
  }
}
