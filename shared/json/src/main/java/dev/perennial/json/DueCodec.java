package dev.perennial.json;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fired timers as messages of the queues {@code due-people} and {@code due-enrollments}. */
public final class DueCodec {

  private DueCodec() {}

  /** The timer as a message. */
  public static String writeMessage(Due due) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("kind", new Text(JsonNode.name(due.kind())));
    fields.put("person", new Text(due.person().value()));
    fields.put("minute", new Text(due.minute().toString()));
    if (!due.key().isEmpty()) {
      fields.put("key", new Text(due.key()));
    }
    return Json.text(new Fields(fields));
  }

  /** Whether a message, of a queue that has others too, is a timer. */
  public static boolean isMessage(String message) {
    return Json.readOwn(message) instanceof Fields fields && fields.get("minute") != null;
  }

  /**
   * The timer of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a timer
   */
  public static Due readMessage(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return new Due(
        fields.required("kind").choice(Due.Kind.class),
        new PersonId(fields.required("person").text()),
        fields.required("minute").instant(),
        fields.optional("key").map(JsonNode::text).orElse(""));
  }
}
