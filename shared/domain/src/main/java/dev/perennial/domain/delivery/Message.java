package dev.perennial.domain.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A message ready for a provider.
 *
 * @param send id of the send, which goes along so that receipts can be told apart
 * @param bulk of marketing; null of a transactional message
 */
public record Message(String send, Address to, Rendition rendition, @Nullable Bulk bulk) {

  /**
   * What mail programs want to know of bulk mail.
   *
   * @param unsubscribe the link that ends it, by a POST without cookies
   */
  public record Bulk(String topic, String unsubscribe) {}

  public Message {
    if (to.channel() != rendition.channel()) {
      throw new IllegalArgumentException(
          "a " + rendition.channel() + " cannot go to a " + to.kind());
    }
  }

  /** A message that is no bulk mail. */
  public Message(String send, Address to, Rendition rendition) {
    this(send, to, rendition, null);
  }
}
