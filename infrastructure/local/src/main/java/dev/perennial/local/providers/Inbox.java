package dev.perennial.local.providers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every message that a provider accepted, oldest first, kept in memory. Safe for use by many
 * threads.
 */
public final class Inbox {

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Receipts receipts;

  Inbox(Receipts receipts) {
    this.receipts = receipts;
  }

  /**
   * Messages in the order in which they were accepted.
   *
   * @param channel title of a channel, or null for all
   * @param to exact recipient, or null for all
   */
  public synchronized List<InboxMessage> list(@Nullable String channel, @Nullable String to) {
    return rows.values().stream()
        .map(Row::message)
        .filter(message -> channel == null || message.channel().title().equals(channel))
        .filter(message -> to == null || message.to().equals(to))
        .toList();
  }

  /** Body of the request that brought the message, byte for byte. */
  public synchronized Optional<byte[]> raw(String id) {
    return Optional.ofNullable(rows.get(id)).map(row -> row.request().clone());
  }

  /** Forgets all messages. */
  public synchronized void clear() {
    rows.clear();
  }

  synchronized void add(InboxMessage message, byte[] request) {
    rows.put(message.id(), new Row(message, request));
    receipts.accepted(message);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(InboxMessage message, byte[] request) {}
}
