package dev.perennial.json;

import dev.perennial.domain.journey.Journey.Edge;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.domain.webhook.Targets;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.domain.webhook.Webhook.Salt;
import dev.perennial.domain.webhook.WebhookCall;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Webhooks as teams write them, {@code {"description","url","segments":[…],"tags":[…],"on":[
 * "entered","exited"]}}, as they are stored, with {@code salts} besides, and what they are told.
 */
public final class WebhookCodec {

  private static final int LONGEST_URL = 2048;
  private static final int LONGEST_NAME = 256;
  private static final int MOST = 100;
  private static final String SEGMENTS = "segments";
  private static final String TAGS = "tags";
  private static final String SALTS = "salts";

  private WebhookCodec() {}

  /** A segment or tag that a webhook names, and where it does. */
  public record Named(SegmentId segment, JsonNode node) {}

  /**
   * The segments and tags of a document as a team writes it.
   *
   * @throws InvalidDocument when it describes no webhook or one that may not be
   */
  public static List<Named> check(JsonObject document, Targets targets) {
    document.optional("description").ifPresent(JsonNode::text);
    JsonNode url = document.required("url");
    targets
        .problem(url(url))
        .ifPresent(
            problem -> {
              throw url.invalid(problem);
            });
    on(document);
    List<Named> named = named(document);
    document.refuseOthers();
    if (named.isEmpty()) {
      throw document.invalid("must name segments or tags");
    }
    return named;
  }

  /** The document as it is stored. */
  public static Fields stored(Fields document, List<Salt> salts) {
    Map<String, Value> fields = new LinkedHashMap<>(document.fields());
    fields.put(
        SALTS,
        new Items(
            salts.stream()
                .<Value>map(
                    salt ->
                        new Fields(
                            salt.until() == null
                                ? Map.of("salt", new Text(salt.text()))
                                : Map.of(
                                    "salt",
                                    new Text(salt.text()),
                                    "until",
                                    new Text(salt.until().toString()))))
                .toList()));
    return new Fields(fields);
  }

  /** The document as the team wrote it. */
  public static Fields shown(Fields stored) {
    Map<String, Value> fields = new LinkedHashMap<>(stored.fields());
    fields.remove(SALTS);
    return new Fields(fields);
  }

  /** The webhook of a stored document. */
  public static Webhook read(String id, Fields stored) {
    JsonObject document = JsonObject.root(stored);
    Set<SegmentId> segments = new LinkedHashSet<>();
    named(document).forEach(named -> segments.add(named.segment()));
    List<Salt> salts =
        document.required(SALTS).list().stream()
            .map(JsonNode::object)
            .map(
                salt ->
                    new Salt(
                        salt.required("salt").text(),
                        salt.optional("until").map(JsonNode::instant).orElse(null)))
            .toList();
    return new Webhook(id, url(document.required("url")), segments, on(document), salts);
  }

  /** The call as a message. */
  public static String writeMessage(WebhookCall call) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("webhook", new Text(call.webhook()));
    fields.put("transition", TriggerCodec.write(call.transition()));
    Instant waitsSince = call.waitsSince();
    if (waitsSince != null) {
      fields.put("waitsSince", new Text(waitsSince.toString()));
    }
    return Json.text(new Fields(fields));
  }

  /**
   * The call of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a call
   */
  public static WebhookCall readMessage(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new WebhookCall(
        fields.required("webhook").text(),
        TriggerCodec.read(fields.required("transition")),
        fields.optional("waitsSince").map(JsonNode::instant).orElse(null));
  }

  /**
   * What a webhook is told.
   *
   * @param userIds of the person
   */
  public static String writeBody(Transition transition, List<String> userIds) {
    SegmentId segment = transition.segment();
    Map<String, Value> data = new LinkedHashMap<>();
    data.put(segment.isTag() ? "tag" : "segment", new Text(segment.name()));
    data.put("profile", new Text(transition.person().value()));
    data.put("userIds", new Items(userIds.stream().<Value>map(Text::new).toList()));
    data.put("number", Num.of(transition.number()));
    data.put("cause", new Text(JsonNode.name(transition.cause())));
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(
        "type",
        new Text(
            (segment.isTag() ? "tag." : "segment.")
                + JsonNode.name(transition.entered() ? Edge.ENTERED : Edge.EXITED)));
    fields.put("timestamp", new Text(transition.at().toString()));
    fields.put("data", new Fields(data));
    return Json.text(new Fields(fields));
  }

  private static URI url(JsonNode node) {
    try {
      return new URI(node.text(LONGEST_URL));
    } catch (URISyntaxException e) {
      throw node.invalid("must be a URL");
    }
  }

  private static Set<Edge> on(JsonObject document) {
    Optional<JsonNode> on = document.optional("on");
    Set<Edge> edges = EnumSet.noneOf(Edge.class);
    on.ifPresent(list -> list.list().forEach(edge -> edges.add(edge.choice(Edge.class))));
    if (on.isPresent() && edges.isEmpty()) {
      throw on.get().invalid("must name entered, exited or both");
    }
    return edges.isEmpty() ? EnumSet.allOf(Edge.class) : edges;
  }

  private static List<Named> named(JsonObject document) {
    List<Named> named = new ArrayList<>();
    for (String field : List.of(SEGMENTS, TAGS)) {
      List<JsonNode> names = document.optional(field).map(JsonNode::list).orElse(List.of());
      if (names.size() > MOST) {
        throw document.required(field).invalid("must not name more than " + MOST);
      }
      for (JsonNode node : names) {
        String name = node.text(LONGEST_NAME);
        named.add(
            new Named(field.equals(TAGS) ? SegmentId.ofTag(name) : new SegmentId(name), node));
      }
    }
    return named;
  }
}
