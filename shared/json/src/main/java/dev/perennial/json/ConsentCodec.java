package dev.perennial.json;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes decisions about messages. */
public final class ConsentCodec {

  private static final int LONGEST_TOPIC = 64;
  private static final int LONGEST_NOTE = 128;

  /** The tracked event by which apps and sites report a decision, in its properties. */
  public static final String EVENT = "Consent Changed";

  private ConsentCodec() {}

  /**
   * The decision that an event reports; empty when it reports none, or a client agrees: a write key
   * is public, and whoever holds it could agree for anybody. It may object.
   */
  public static Optional<Consent> heard(Event event) {
    if (event.type() != EventType.TRACK || !EVENT.equals(event.name())) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(JsonObject.root(event.properties()), event.timestamp()))
          .filter(
              consent -> consent.decision() == Decision.DENIED || event.trust() == Trust.SERVER);
    } catch (InvalidDocument e) {
      // The event was accepted as it is, and says nothing that could be obeyed.
      return Optional.empty();
    }
  }

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
                .map(topic -> topic.line(LONGEST_TOPIC))
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
