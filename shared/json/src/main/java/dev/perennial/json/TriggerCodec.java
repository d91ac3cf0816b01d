package dev.perennial.json;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Triggers as messages of the queue {@code triggers}, and transitions in our own documents. A
 * message has either an {@code event} or a {@code transition}.
 */
public final class TriggerCodec {

  private TriggerCodec() {}

  /** The trigger as a message. */
  public static String writeMessage(Trigger trigger) {
    Map<String, Value> fields = new LinkedHashMap<>();
    switch (trigger) {
      case Trigger.OfEvent event -> {
        fields.put("person", new Text(event.person().value()));
        fields.put("event", EventCodec.write(event.event()));
      }
      case Trigger.OfTransition transition ->
          fields.put("transition", write(transition.transition()));
    }
    return Json.text(new Fields(fields));
  }

  /**
   * The trigger of a message.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but a trigger
   */
  public static Trigger readMessage(String message) {
    JsonObject fields = JsonObject.root(Json.readOwn(message));
    return fields
        .optional("transition")
        .<Trigger>map(transition -> new Trigger.OfTransition(read(transition)))
        .orElseGet(
            () ->
                new Trigger.OfEvent(
                    new PersonId(fields.required("person").text()),
                    EventCodec.read(fields.required("event"))));
  }

  /** The transition as an object of our own documents. */
  public static Fields write(Transition transition) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("person", new Text(transition.person().value()));
    fields.put("segment", new Text(transition.segment().value()));
    fields.put("number", Num.of(transition.number()));
    fields.put("at", new Text(transition.at().toString()));
    fields.put("cause", new Text(JsonNode.name(transition.cause())));
    return new Fields(fields);
  }

  /** The transition that was written. */
  public static Transition read(JsonNode node) {
    JsonObject fields = node.object();
    return new Transition(
        new PersonId(fields.required("person").text()),
        new SegmentId(fields.required("segment").text()),
        fields.required("number").integer(1, Long.MAX_VALUE),
        fields.required("at").instant(),
        fields.required("cause").choice(Cause.class));
  }
}
