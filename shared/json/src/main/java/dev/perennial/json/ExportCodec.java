package dev.perennial.json;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an export of a person says of things that other answers abridge. */
public final class ExportCodec {

  private ExportCodec() {}

  /** The whole event. */
  public static Fields write(Event event) {
    Map<String, Value> fields = new LinkedHashMap<>(ProfileCodec.writeHistory(event).fields());
    fields.put("receivedAt", new Text(event.receivedAt().toString()));
    fields.put("by", new Text(JsonNode.name(event.trust())));
    if (!event.others().isEmpty()) {
      fields.put(
          "others",
          new Items(
              event.others().stream().<Value>map(other -> new Text(other.toString())).toList()));
    }
    if (!event.context().isEmpty()) {
      fields.put("context", event.context());
    }
    return new Fields(fields);
  }

  /** The enrollment. */
  public static Fields write(Enrollment enrollment) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("journey", new Text(enrollment.journey()));
    fields.put("version", Num.of(enrollment.version()));
    fields.put("occurrence", new Text(enrollment.occurrence()));
    fields.put("enteredAt", new Text(enrollment.enteredAt().toString()));
    fields.put("status", new Text(JsonNode.name(enrollment.status())));
    fields.put("step", Num.of(enrollment.position()));
    if (enrollment.due() != null) {
      fields.put("due", new Text(enrollment.due().toString()));
    }
    if (enrollment.event() != null) {
      fields.put("event", new Text(enrollment.event().messageId()));
    }
    return new Fields(fields);
  }
}
