package dev.perennial.domain.delivery;

import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one wish to send: the intent, its latest attempt, and the decision that led to it.
 * The id is that of the intent, so a repeat of the wish finds it.
 *
 * @param person as the request named them
 * @param content id of the content
 * @param at when it was decided last
 * @param attempts how many were claimed; 0 when it was decided not to send
 * @param to where the latest attempt went; null when it was decided not to send
 * @param findings of the latest decision, in the order in which the rules were asked
 * @param providerId id that the provider gave it; null unless sent
 * @param detail of a state that needs words; null otherwise
 */
public record Send(
    String id,
    PersonId person,
    String definition,
    String step,
    String occurrence,
    String content,
    String topic,
    Instant at,
    State state,
    int attempts,
    @Nullable Address to,
    List<Finding> findings,
    @Nullable String providerId,
    @Nullable String detail) {

  /** Where a send stands. */
  public enum State {
    /** Somebody claimed an attempt and has not said how it went. */
    CLAIMED,
    SENT,
    /** Provably not accepted: the next attempt may be claimed. */
    RETRYABLE,
    /** Nobody knows whether it was accepted; never attempted again. */
    UNKNOWN,
    /** Not accepted, for good. */
    REFUSED,
    /** Decided against. */
    NOT_SENT;

    /** In lower camel case, for example {@code notSent}. */
    public String title() {
      return this == NOT_SENT ? "notSent" : name().toLowerCase(Locale.ROOT);
    }
  }

  public Send {
    findings = List.copyOf(findings);
  }

  /** This send after the provider was called for its latest attempt. */
  public Send after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Sent(String given) -> with(State.SENT, given, null);
      case Outcome.Retryable(String words) -> with(State.RETRYABLE, null, words);
      case Outcome.Refused(String words) -> with(State.REFUSED, null, words);
      case Outcome.Unknown(String words) -> with(State.UNKNOWN, null, words);
    };
  }

  private Send with(State next, @Nullable String given, @Nullable String words) {
    return new Send(
        id,
        person,
        definition,
        step,
        occurrence,
        content,
        topic,
        at,
        next,
        attempts,
        to,
        findings,
        given,
        words);
  }
}
