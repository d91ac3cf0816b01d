package dev.perennial.domain.webhook;

import dev.perennial.domain.Digest;
import dev.perennial.domain.segment.Transition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A membership that one webhook is to be told of, on a queue of its own.
 *
 * @param webhook its id
 * @param waitsSince when it was first put back untried; null when it never was
 */
public record WebhookCall(String webhook, Transition transition, @Nullable Instant waitsSince) {

  /** One that was never put back. */
  public WebhookCall(String webhook, Transition transition) {
    this(webhook, transition, null);
  }

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
