package dev.perennial.domain.delivery;

import java.time.Instant;

/** What providers tell us after the fact, on the queue {@code receipts}. */
public sealed interface ProviderNews {

  /**
   * What became of a message.
   *
   * @param providerId id that the provider gave the message
   * @param to where that message went, which need not be where the latest one of the send did
   */
  record Fate(Receipt receipt, String providerId, Address to) implements ProviderNews {}

  /** A text message that somebody sent back. */
  record Reply(Address from, String text, Instant at) implements ProviderNews {}

  /** News that changes nothing. */
  record Nothing() implements ProviderNews {}
}
