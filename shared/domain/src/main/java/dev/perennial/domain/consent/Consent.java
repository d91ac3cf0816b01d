package dev.perennial.domain.consent;

import dev.perennial.domain.delivery.Channel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decision of a person about messages.
 *
 * @param topic for example {@code marketing}
 * @param at when they decided; of two decisions the later one counts
 * @param basis lawful basis, for example {@code consent} or {@code contract}; null when not said
 * @param source where they decided, for example a form; null when not said
 */
public record Consent(
    Channel channel,
    String topic,
    Decision decision,
    Instant at,
    @Nullable String basis,
    @Nullable String source) {

  /** What can be decided. */
  public enum Decision {
    GRANTED,
    DENIED
  }
}
