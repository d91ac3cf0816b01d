package dev.perennial.json;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.nio.charset.StandardCharsets;
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
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as the clients of one request send them: Segment's tracking spec, read into events of ours.
 *
 * @see <a href="https://segment.com/docs/connections/spec/">Segment's spec</a>
 */
public final class SegmentSpec {

  /** Longest event, in bytes of its JSON without white space. */
  public static final int MAX_EVENT = 32 * 1024;

  private static final int MAX_MESSAGE_ID = 256;
  private static final int MAX_NAME = 512;

  /** Client clocks are believed within this; how far an event may lie in the future is the same. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** What changes when a client sends the same event again, and the key, are no part of the event. */
  private static final Set<String> NOT_HASHED = Set.of("sentAt", "writeKey");

  private final Instant receivedAt;
  private final Trust trust;
  private final Fields batchContext;
  private final @Nullable Value batchSentAt;

  /**
   * The spec for events received together.
   *
   * @param envelope of the batch, whose {@code context} stands under that of each event, and whose {@code sentAt} is that of
   *     each event without its own
   * @throws InvalidDocument when the batch's context is wrong
   */
  public SegmentSpec(Instant receivedAt, Trust trust, Fields envelope) {
    this.receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    this.trust = trust;
    this.batchSentAt = envelope.get("sentAt");
    JsonObject object = JsonObject.root(envelope);
    this.batchContext = fields(object, "context");
    if (Json.bytes(batchContext).length > MAX_EVENT) {
      throw new InvalidDocument("/context", "is longer than " + MAX_EVENT + " bytes");
    }
  }

  /** What an event turned out to be. */
  public sealed interface Reading {
    record Accepted(Event event) implements Reading {}

    /** No event, and never will be. */
    record Rejected(String pointer, String detail) implements Reading {}
  }

  /** Reads an event that says its own {@code type}, as those of a batch do. */
  public Reading read(JsonNode node) {
    return read(
        node,
        () -> {
          JsonNode type = node.object().required("type");
          return type.choice(EventType.class);
        });
  }

  /** Reads an event of that type, whatever it says itself. */
  public Reading read(EventType type, JsonNode node) {
    return read(node, () -> type);
  }
}
