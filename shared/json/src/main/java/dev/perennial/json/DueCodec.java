package dev.perennial.json;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fired timers as messages: several in one on the queue {@code due-people}, else one each. */
public final class DueCodec {

  private static final String TIMERS = "timers";

  private DueCodec() {}

  /** The timer as a message. */
  public static String writeMessage(Due due) {
    return Json.text(write(due));
  }

  /** The timers as one message. */
  public static String writeTogether(List<Due> timers) {
    List<Value> items = timers.stream().<Value>map(DueCodec::write).toList();
    return Json.text(new Fields(Map.of(TIMERS, new Items(items))));
  }

  private static Fields write(Due due) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("kind", new Text(JsonNode.name(due.kind())));
    fields.put("person", new Text(due.person().value()));
    fields.put("minute", new Text(due.minute().toString()));
    if (!due.key().isEmpty()) {
      fields.put("key", new Text(due.key()));
    }
    return new Fields(fields);
  }

  /** Whether a message, of a queue that has others too, is timers. */
  public static boolean isTogether(String message) {
    return Json.readOwn(message) instanceof Fields fields && fields.get(TIMERS) != null;
  }

  /**
   * The timers of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but timers
   */
  public static List<Due> readTogether(String message) {
    return JsonObject.root(Json.readOwn(message)).required(TIMERS).list().stream()
        .map(timer -> read(timer.object()))
        .toList();
  }

  /**
   * The timer of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a timer
   */
  public static Due readMessage(String message) {
    return read(JsonObject.root(Json.readOwn(message)));
  }

  private static Due read(JsonObject fields) {
    return new Due(
        fields.required("kind").choice(Due.Kind.class),
        new PersonId(fields.required("person").text()),
        fields.required("minute").instant(),
        fields.optional("key").map(JsonNode::text).orElse(""));
  }
}
