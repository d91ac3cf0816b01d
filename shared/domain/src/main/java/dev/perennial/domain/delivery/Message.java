package dev.perennial.domain.delivery;

/**
 * A message ready for a provider.
 *
 * @param send id of the send, which goes along so that receipts can be told apart
 */
public record Message(String send, Address to, Rendition rendition) {
  public Message {
    if (to.channel() != rendition.channel()) {
      throw new IllegalArgumentException(
          "a " + rendition.channel() + " cannot go to a " + to.kind());
    }
  }
}
