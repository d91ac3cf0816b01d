package dev.perennial.json;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Segment's tracking spec as the clients of one request write it, read into events of ours in the
 * order of the request.
 *
 * @see <a href="https://segment.com/docs/connections/spec/">Segment's spec</a>
 */
public final class TrackingSpec {

  /** Longest event, in bytes of its JSON without white space. */
  public static final int MAX_EVENT = 32 * 1024;

  private static final int MAX_MESSAGE_ID = 256;
  private static final int MAX_NAME = 512;
  private static final Items EMPTY_LIST = new Items(List.of());

  /** A client's clock is believed within this, and an event may lie as far in the future. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  private final Instant receivedAt;
  private final Trust trust;
  private final @Nullable String key;
  private final Fields batchContext;
  private final @Nullable Instant batchSentAt;
  private int read;

  /**
   * The spec for what was received in one request.
   *
   * @param key name of the write key that it came with; null of a secret one
   * @param envelope of a batch: its {@code context} stands under the context of each event, its
   *     {@code sentAt} is that of each event without one. Empty for a single event
   * @throws InvalidDocument when the envelope's context is none
   */
  public TrackingSpec(Instant receivedAt, Trust trust, @Nullable String key, Fields envelope) {
    this.receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    this.trust = trust;
    this.key = key;
    JsonObject batch = JsonNode.root(envelope).object();
    this.batchContext = fields(batch, "context");
    this.batchSentAt = sentAt(batch).orElse(null);
    if (Json.bytes(batchContext).length > MAX_EVENT) {
      throw new InvalidDocument("/context", "is longer than " + MAX_EVENT + " bytes");
    }
  }

  /** What a document turned out to be. */
  public sealed interface Reading {
    record Accepted(Event event) implements Reading {}

    /** No event, however often it is sent. */
    record Rejected(Reason reason, String pointer, String detail) implements Reading {}
  }

  /** Why a document is no event. */
  public enum Reason {
    INVALID,
    TOO_LARGE
  }

  /** Reads an event that says its own {@code type}, as those of a batch do. */
  public Reading read(JsonNode node) {
    return read(node, null);
  }

  /**
   * Reads an event.
   *
   * @param type whatever the document says; null when the document says it
   */
  public Reading read(JsonNode node, @Nullable EventType type) {
    int length = Json.bytes(node.value()).length;
    if (length > MAX_EVENT) {
      return new Reading.Rejected(
          Reason.TOO_LARGE, node.pointer(), "is longer than " + MAX_EVENT + " bytes");
    }
    try {
      JsonObject object = node.object();
      return new Reading.Accepted(
          event(object, type == null ? object.required("type").choice(EventType.class) : type));
    } catch (InvalidDocument e) {
      return new Reading.Rejected(Reason.INVALID, e.pointer(), e.detail());
    }
  }

  private Event event(JsonObject object, EventType type) {
    Fields context = merge(batchContext, fields(object, "context"));
    Fields ownTraits = fields(object, "traits");
    Fields contextTraits = context.get("traits") instanceof Fields nested ? nested : Fields.EMPTY;
    // What a group call says in its traits, it says of the group.
    Fields traits = type == EventType.GROUP ? contextTraits : merge(contextTraits, ownTraits);
    // Of two that come without a time, the later one in the batch is later.
    Instant received = receivedAt.plus(read++, ChronoUnit.MICROS);
    Stamp stamp = stamp(object, received);
    SortedSet<Identifier> identifiers = EventIdentifiers.of(object, type, traits, context);
    return new Event(
        identifiers.first(),
        List.copyOf(identifiers),
        messageId(object, type),
        type,
        name(object, type),
        stamp.at(),
        received,
        trust,
        properties(object, type, ownTraits),
        traits,
        kept(context),
        stamp.ours(),
        key);
  }

  private static @Nullable String name(JsonObject object, EventType type) {
    return switch (type) {
      case TRACK -> object.required("event").text(MAX_NAME);
      case PAGE, SCREEN -> object.optional("name").map(JsonNode::text).orElse(null);
      case IDENTIFY, GROUP, ALIAS -> null;
    };
  }

  private static Fields properties(JsonObject object, EventType type, Fields ownTraits) {
    Fields properties = fields(object, "properties");
    return switch (type) {
      case TRACK, PAGE, SCREEN -> merge(only(object.fields(), "category"), properties);
      case GROUP -> {
        Text groupId = new Text(object.required("groupId").text(MAX_NAME));
        yield merge(ownTraits, new Fields(Map.of("groupId", groupId)));
      }
      case IDENTIFY, ALIAS -> Fields.EMPTY;
    };
  }

  /** What of the context is used later. */
  private static Fields kept(Fields context) {
    Map<String, Value> kept = new LinkedHashMap<>();
    for (String name : List.of("timezone", "locale")) {
      if (context.get(name) instanceof Text text && !text.text().isBlank()) {
        kept.put(name, text);
      }
    }
    if (context.get("campaign") instanceof Fields campaign && !campaign.isEmpty()) {
      kept.put("campaign", campaign);
    }
    if (context.get("device") instanceof Fields device) {
      Fields address = only(device, "token", "type");
      if (!address.isEmpty()) {
        kept.put("device", address);
      }
    }
    return new Fields(kept);
  }

  private static Fields only(Fields fields, String... names) {
    Map<String, Value> texts = new LinkedHashMap<>();
    for (String name : names) {
      if (fields.get(name) instanceof Text text) {
        texts.put(name, text);
      }
    }
    return new Fields(texts);
  }

  /** When an event happened, and whether it is we who say so. */
  private record Stamp(Instant at, boolean ours) {}

  private Stamp stamp(JsonObject object, Instant received) {
    Optional<JsonNode> said =
        object.optional("timestamp").or(() -> object.optional("originalTimestamp"));
    if (said.isEmpty()) {
      return new Stamp(received, true);
    }
    JsonNode node = said.get();
    Instant stated =
        ClientTime.parse(node.text())
            .orElseThrow(
                () -> node.invalid("must be an ISO-8601 instant of the years 1970 to 9999"));
    Instant sentAt = sentAt(object).orElse(batchSentAt);
    Duration skew = sentAt == null ? Duration.ZERO : Duration.between(sentAt, receivedAt);
    boolean wrong = skew.abs().compareTo(MAX_SKEW) > 0;
    Instant corrected = wrong ? stated.plus(skew) : stated;
    if (corrected.isBefore(Instant.EPOCH)) {
      throw node.invalid("is before 1970");
    }
    // Sent long after it happened, by a clock that was right only then: it did happen before it
    // came.
    return corrected.isAfter(receivedAt.plus(MAX_SKEW))
        ? new Stamp(received, true)
        : new Stamp(corrected, wrong);
  }

  /** An unreadable {@code sentAt} says as little about the client's clock as none. */
  private static Optional<Instant> sentAt(JsonObject object) {
    return Optional.ofNullable(object.fields().text("sentAt")).flatMap(ClientTime::parse);
  }

  private static String messageId(JsonObject object, EventType type) {
    Optional<JsonNode> said = object.optional("messageId").filter(node -> !node.text().isBlank());
    if (said.isEmpty()) {
      return hash(object.fields(), type);
    }
    String messageId = said.get().text(MAX_MESSAGE_ID);
    if (messageId.chars().anyMatch(Character::isISOControl)) {
      throw said.get().invalid("holds a control character");
    }
    return messageId;
  }

  /** The same for the same event, whatever the order of its fields and however often it is sent. */
  private static String hash(Fields raw, EventType type) {
    Map<String, Value> event = new LinkedHashMap<>(raw.fields());
    event.remove("sentAt");
    event.remove("writeKey");
    event.put("type", new Text(JsonNode.name(type)));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(Json.bytes(sorted(new Fields(event))));
      return "hash-" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Value sorted(Value value) {
    return switch (value) {
      case Fields fields -> {
        Map<String, Value> sorted = new TreeMap<>();
        fields.fields().forEach((name, field) -> sorted.put(name, sorted(field)));
        yield new Fields(sorted);
      }
      case Items items -> new Items(items.items().stream().map(TrackingSpec::sorted).toList());
      case Text _, Value.Num _, Value.Bool _, Value.Null _ -> value;
    };
  }

  /** Both, with the upper's word where they differ, at every depth. */
  private static Fields merge(Fields lower, Fields upper) {
    if (lower.isEmpty() || upper.isEmpty()) {
      return lower.isEmpty() ? upper : lower;
    }
    Map<String, Value> merged = new LinkedHashMap<>(lower.fields());
    upper
        .fields()
        .forEach(
            (name, value) -> {
              if (value instanceof Fields above && lower.get(name) instanceof Fields below) {
                merged.put(name, merge(below, above));
              } else {
                merged.put(name, value);
              }
            });
    return new Fields(merged);
  }

  /** PHP writes an empty object as an empty list. */
  private static Fields fields(JsonObject object, String name) {
    return object
        .optional(name)
        .filter(node -> !EMPTY_LIST.equals(node.value()))
        .map(node -> node.object().fields())
        .orElse(Fields.EMPTY);
  }
}
