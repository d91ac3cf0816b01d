package dev.perennial.json;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Wishes to send as messages of the queue {@code messages}, and in our own documents. */
public final class SendRequestCodec {

  private SendRequestCodec() {}

  /** The request as a message. */
  public static String writeMessage(SendRequest request) {
    return Json.text(write(request));
  }

  /**
   * The request of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a request
   */
  public static SendRequest readMessage(String message) {
    return read(JsonNode.root(Json.readOwn(message)));
  }

  /** The request as an object of our own documents. */
  public static Fields write(SendRequest request) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("person", new Text(request.person().value()));
    fields.put("definition", new Text(request.definition()));
    fields.put("step", new Text(request.step()));
    fields.put("occurrence", new Text(request.occurrence()));
    fields.put("round", new Text(request.round()));
    fields.put("content", new Text(request.content()));
    fields.put(
        "channels",
        new Items(
            request.channels().stream()
                .<Value>map(channel -> new Text(JsonNode.name(channel)))
                .toList()));
    fields.put("topic", new Text(request.topic()));
    fields.put("asked", new Text(request.asked().toString()));
    if (request.expiresAt() != null) {
      fields.put("expiresAt", new Text(request.expiresAt().toString()));
    }
    if (request.atLeastOnce()) {
      fields.put("atLeastOnce", new Bool(true));
    }
    if (request.key() != null) {
      fields.put("key", new Text(request.key()));
    }
    if (request.event() != null) {
      fields.put("event", EventCodec.write(request.event()));
    }
    if (!request.data().isEmpty()) {
      fields.put("data", request.data());
    }
    return new Fields(fields);
  }

  /** The request that was written. */
  public static SendRequest read(JsonNode node) {
    JsonObject fields = node.object();
    return new SendRequest(
        new PersonId(fields.required("person").text()),
        fields.required("definition").text(),
        fields.required("step").text(),
        fields.required("occurrence").text(),
        fields.optional("round").orElseGet(() -> fields.required("occurrence")).text(),
        fields.required("content").text(),
        fields.required("channels").list().stream()
            .map(channel -> channel.choice(Channel.class))
            .toList(),
        fields.required("topic").text(),
        fields.optional("event").map(EventCodec::read).orElse(null),
        fields.optional("data").map(data -> data.object().fields()).orElse(Fields.EMPTY),
        fields.optional("asked").map(JsonNode::instant).orElse(Instant.EPOCH),
        fields.optional("expiresAt").map(JsonNode::instant).orElse(null),
        fields.optional("atLeastOnce").map(JsonNode::truth).orElse(false),
        fields.optional("key").map(JsonNode::text).orElse(null));
  }
}
