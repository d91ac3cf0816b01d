package dev.perennial.domain.consent;

import dev.perennial.domain.delivery.Channel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decision of a person about messages.
 *
 * @param topic for example {@code marketing}, or {@link #ALL}
 * @param at when they decided; of two decisions the later one counts
 * @param basis lawful basis, for example {@code consent} or {@code contract}; null when not said
 * @param source where they decided, for example a form; null when not said
 * @param textVersion of the words that they agreed or objected to; null when not said
 */
public record Consent(
    Channel channel,
    String topic,
    Decision decision,
    Instant at,
    @Nullable String basis,
    @Nullable String source,
    @Nullable String textVersion) {

  /** Stands for every marketing topic. */
  public static final String ALL = "all";

  /** A decision about words of no known version. */
  public Consent(
      Channel channel,
      String topic,
      Decision decision,
      Instant at,
      @Nullable String basis,
      @Nullable String source) {
    this(channel, topic, decision, at, basis, source, null);
  }

  /** The same as decided then. */
  Consent decidedAt(Instant then) {
    return new Consent(channel, topic, decision, then, basis, source, textVersion);
  }

  /** The same about every marketing topic. */
  Consent aboutAll() {
    return new Consent(channel, ALL, decision, at, basis, source, textVersion);
  }

  /** What can be decided. */
  public enum Decision {
    GRANTED,
    DENIED
  }
}
