package dev.perennial.domain.delivery;

/** A provider that reaches people. */
public interface ChannelSender {

  /**
   * Calls the provider exactly once, and gives up after a deadline of its own. It throws nothing
   * for what the provider or the network does: whatever leaves doubt is {@link Outcome.Unknown}.
   */
  Outcome deliver(Message message);
}
