package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.value.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;

/** Short stand-ins for what an event is, within one owner identifier. */
public final class Fingerprint {
  private Fingerprint() {}

  /** The stand-in for a message id. */
  public static long of(String messageId) {
    return ByteBuffer.wrap(sha256(messageId)).getLong();
  }

  /**
   * The stand-in for what an event says, 15 bits: the same for every copy, whenever it was received
   * and however its time was stamped. Two events that say different things share it once in 32,768
   * times.
   */
  static int ofBody(Event event) {
    StringBuilder body = new StringBuilder();
    append(event.type().name(), body);
    append(String.valueOf(event.name()), body);
    event.others().forEach(other -> append(other.toString(), body));
    List.of(event.properties(), event.traits(), event.context())
        .forEach(value -> append(value, body));
    return ByteBuffer.wrap(sha256(body.toString())).getShort() & 0x7fff;
  }

  /** Fields in the order of their names, for in which they come says nothing. */
  private static void append(Value value, StringBuilder body) {
    switch (value) {
      case Value.Text text -> append(text.text(), body.append('t'));
      case Value.Num num -> append(num.number().toPlainString(), body.append('n'));
      case Value.Bool bool -> body.append(bool.truth());
      case Value.Null _ -> body.append("null");
      case Value.Items items -> {
        body.append('[');
        items.items().forEach(item -> append(item, body));
        body.append(']');
      }
      case Value.Fields fields -> {
        body.append('{');
        new TreeMap<>(fields.fields())
            .forEach(
                (name, field) -> {
                  append(name, body);
                  append(field, body);
                });
        body.append('}');
      }
    }
  }

  private static void append(String text, StringBuilder body) {
    body.append(text.length()).append(':').append(text);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
