package dev.perennial.json;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Accepted events in queues and in storage. Field names are short, what is empty is left out,
 * instants are epoch milliseconds with as many decimals as they need.
 */
public final class EventCodec {

  /** Longest message of events, in bytes, unless a single event is longer. */
  public static final int MAX_MESSAGE = 200 * 1024;

  private static final String OWNER = "o";
  private static final String OTHERS = "i";
  private static final String MESSAGE_ID = "m";
  private static final String TYPE = "t";
  private static final String NAME = "n";
  private static final String TIMESTAMP = "at";
  private static final String RECEIVED_AT = "r";
  private static final String TRUST = "by";
  private static final String PROPERTIES = "p";
  private static final String TRAITS = "tr";
  private static final String CONTEXT = "c";
  private static final String STAMPED = "s";
  private static final String KEY = "k";

  private EventCodec() {}

  /** The event as an object of our own documents. */
  public static Fields write(Event event) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put(OWNER, IdentifierCodec.write(event.owner()));
    if (!event.others().isEmpty()) {
      fields.put(OTHERS, new Items(event.others().stream().map(IdentifierCodec::write).toList()));
    }
    fields.put(MESSAGE_ID, new Text(event.messageId()));
    fields.put(TYPE, new Text(JsonNode.name(event.type())));
    if (event.name() != null) {
      fields.put(NAME, new Text(event.name()));
    }
    fields.put(TIMESTAMP, millis(event.timestamp()));
    fields.put(RECEIVED_AT, millis(event.receivedAt()));
    fields.put(TRUST, new Text(JsonNode.name(event.trust())));
    putUnlessEmpty(fields, PROPERTIES, event.properties());
    putUnlessEmpty(fields, TRAITS, event.traits());
    putUnlessEmpty(fields, CONTEXT, event.context());
    if (event.stamped()) {
      fields.put(STAMPED, new Bool(true));
    }
    if (event.key() != null) {
      fields.put(KEY, new Text(event.key()));
    }
    return new Fields(fields);
  }

  /**
   * The event that was written.
   *
   * @throws InvalidDocument when it is none
   */
  public static Event read(JsonNode node) {
    JsonObject object = node.object();
    return new Event(
        IdentifierCodec.read(object.required(OWNER)),
        object
            .optional(OTHERS)
            .map(others -> others.list().stream().map(IdentifierCodec::read).toList())
            .orElse(List.of()),
        object.required(MESSAGE_ID).text(),
        object.required(TYPE).choice(EventType.class),
        object.optional(NAME).map(JsonNode::text).orElse(null),
        instant(object.required(TIMESTAMP)),
        instant(object.required(RECEIVED_AT)),
        object.required(TRUST).choice(Trust.class),
        fields(object, PROPERTIES),
        fields(object, TRAITS),
        fields(object, CONTEXT),
        object.optional(STAMPED).map(JsonNode::truth).orElse(false),
        object.optional(KEY).map(JsonNode::text).orElse(null));
  }

  /**
   * These events as messages of the queue {@code events}: one for each owner, several where one
   * would be longer than {@link #MAX_MESSAGE}. The order of an owner's events is kept, the order of
   * owners is that of their first events.
   */
  public static List<String> messages(Collection<Event> events) {
    Map<Identifier, List<String>> byOwner = new LinkedHashMap<>();
    for (Event event : events) {
      byOwner
          .computeIfAbsent(event.owner(), owner -> new ArrayList<>())
          .add(Json.text(write(event)));
    }
    List<String> messages = new ArrayList<>();
    byOwner.values().forEach(written -> pack(written, messages));
    return messages;
  }

  /**
   * The events of one message of the queue {@code events}.
   *
   * @throws JsonProblem when it is no JSON
   * @throws InvalidDocument when it holds anything but events
   */
  public static List<Event> readMessage(String message) {
    return JsonNode.root(Json.readOwn(message)).list().stream().map(EventCodec::read).toList();
  }

  private static void pack(List<String> written, List<String> messages) {
    StringBuilder message = new StringBuilder("[");
    int bytes = 2;
    for (String event : written) {
      int length = event.getBytes(StandardCharsets.UTF_8).length + 1;
      if (message.length() > 1 && bytes + length > MAX_MESSAGE) {
        messages.add(message.append(']').toString());
        message = new StringBuilder("[");
        bytes = 2;
      }
      message.append(message.length() > 1 ? "," : "").append(event);
      bytes += length;
    }
    messages.add(message.append(']').toString());
  }

  private static void putUnlessEmpty(Map<String, Value> fields, String name, Fields value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  private static Fields fields(JsonObject object, String name) {
    return object.optional(name).map(value -> value.object().fields()).orElse(Fields.EMPTY);
  }

  /** The instant as epoch milliseconds. */
  static Num millis(Instant instant) {
    return new Num(
        BigDecimal.valueOf(instant.getEpochSecond(), -3)
            .add(BigDecimal.valueOf(instant.getNano(), 6)));
  }

  /** What {@link #millis} wrote. */
  static Instant instant(JsonNode node) {
    BigDecimal nanos = node.number().movePointRight(6).setScale(0, RoundingMode.FLOOR);
    BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
    return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
  }
}
