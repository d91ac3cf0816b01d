package dev.perennial.json;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes decisions about messages. */
public final class ConsentCodec {

  private static final int LONGEST_TOPIC = 64;
  private static final int LONGEST_NOTE = 512;

  private ConsentCodec() {}

  public static Fields write(Consent consent) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("channel", new Text(JsonNode.name(consent.channel())));
    fields.put("topic", new Text(consent.topic()));
    fields.put("is", new Text(JsonNode.name(consent.decision())));
    put(fields, "basis", consent.basis());
    put(fields, "source", consent.source());
    put(fields, "textVersion", consent.textVersion());
    fields.put("at", new Text(consent.at().toString()));
    return new Fields(fields);
  }

  /**
   * The decision that somebody reports.
   *
   * @param now when they decided, unless they say; a later time is not believed
   * @throws InvalidDocument when it is none
   */
  public static Consent read(JsonObject object, Instant now) {
    Instant at = object.optional("at").map(JsonNode::instant).orElse(now);
    Consent consent =
        new Consent(
            object.required("channel").choice(Channel.class),
            object
                .optional("topic")
                .map(topic -> topic.text(LONGEST_TOPIC))
                .orElse(JourneyCodec.DEFAULT_TOPIC),
            object.required("is").choice(Decision.class),
            at.isAfter(now) ? now : at,
            note(object, "basis"),
            note(object, "source"),
            note(object, "textVersion"));
    object.refuseOthers();
    return consent;
  }

  private static @Nullable String note(JsonObject object, String name) {
    return object.optional(name).map(note -> note.text(LONGEST_NOTE)).orElse(null);
  }

  private static void put(Map<String, Value> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, new Text(text));
    }
  }
}
