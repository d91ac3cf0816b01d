package dev.perennial.json;

import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which events are meant, as teams write it. */
final class EventsCodec {

  private static final int LONGEST_NAME = 256;
  private static final int MOST_PROPERTIES = 20;

  private EventsCodec() {}

  /** The field {@code event} and, when there is one, {@code where}. */
  static EventFilter read(JsonObject object) {
    String name = object.required("event").text(LONGEST_NAME);
    return new EventFilter(name, object.optional("where").map(EventsCodec::where).orElse(Map.of()));
  }

  static Fields write(EventFilter events) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("event", new Text(events.name()));
    if (!events.where().isEmpty()) {
      Map<String, Value> where = new LinkedHashMap<>();
      events.where().forEach((name, is) -> where.put(name, ComparisonsCodec.write(is)));
      fields.put("where", new Fields(where));
    }
    return new Fields(fields);
  }

  /** The name of an event, or an object with {@code event} and {@code where}. */
  static EventFilter readStep(JsonNode node) {
    if (node.value() instanceof Text) {
      return EventFilter.named(node.text(LONGEST_NAME));
    }
    JsonObject object = node.object();
    EventFilter events = read(object);
    object.refuseOthers();
    return events;
  }

  /** As {@link #readStep} reads it, in short where that says all. */
  static Value step(EventFilter events) {
    return events.where().isEmpty() ? new Text(events.name()) : write(events);
  }

  private static Map<String, Comparisons> where(JsonNode node) {
    JsonObject object = node.object();
    if (object.fields().fields().size() > MOST_PROPERTIES) {
      throw node.invalid("must not name more than " + MOST_PROPERTIES + " properties");
    }
    Map<String, Comparisons> where = new TreeMap<>();
    for (String property : object.fields().fields().keySet()) {
      where.put(property, ComparisonsCodec.read(object.required(property).object()));
    }
    return where;
  }
}
