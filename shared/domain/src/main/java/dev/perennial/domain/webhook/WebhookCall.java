package dev.perennial.domain.webhook;

import dev.perennial.domain.Digest;
import dev.perennial.domain.segment.Transition;

/**
 * A membership that one webhook is to be told of, on a queue of its own.
 *
 * @param webhook its id
 */
public record WebhookCall(String webhook, Transition transition) {

  /** By which a receiver knows a repeat: the same however often and whenever it is told. */
  public String id() {
    return "msg_"
        + Digest.of(
            webhook,
            transition.person().value(),
            transition.segment().value(),
            Long.toString(transition.number()));
  }
}
