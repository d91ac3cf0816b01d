package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one wish to send: the intent, its latest attempt, and the decision that led to it.
 * The id is that of the intent, so a repeat of the wish finds it.
 *
 * @param request as it was asked for, with event and data only while they may still be needed
 * @param at when it was decided last
 * @param attempts how many were claimed; 0 when it was decided not to send
 * @param to where the latest attempt went; null when it was decided not to send
 * @param refused channels whose provider refused it for good
 * @param findings of the latest decision, in the order in which the rules were asked
 * @param due when it is looked at again; null unless deferred
 * @param providerId id that the provider gave it; null unless sent
 * @param detail of a state that needs words; null otherwise
 * @param receipts the earliest of each kind
 * @param visits of its links, at most {@link Visit#MOST}
 */
public record Send(
    String id,
    SendRequest request,
    Instant at,
    State state,
    int attempts,
    @Nullable Address to,
    Set<Channel> refused,
    List<Finding> findings,
    @Nullable Instant due,
    @Nullable String providerId,
    @Nullable String detail,
    Map<Receipt.Kind, Instant> receipts,
    List<Visit> visits) {

  /** How long it is kept after it was decided last, and the decision with it. */
  public static final Duration KEPT = Duration.ofDays(400);

  /** Where a send stands. */
  public enum State {
    /** Somebody claimed an attempt and has not said how it went. */
    CLAIMED,
    SENT,
    /** Provably not accepted: the next attempt may be claimed. */
    RETRYABLE,
    /** Nobody knows whether it was accepted; attempted again only where that was asked for. */
    UNKNOWN,
    /** Not accepted, for good. */
    REFUSED,
    /** Decided against. */
    NOT_SENT,
    /** To be decided when it is due. */
    DEFERRED;

    /** In lower camel case, for example {@code notSent}. */
    public String title() {
      return this == NOT_SENT ? "notSent" : name().toLowerCase(Locale.ROOT);
    }
  }

  public Send {
    request = isOpen(state, request) ? request : request.bare();
    refused = Set.copyOf(refused);
    findings = List.copyOf(findings);
    receipts = receipts.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(receipts));
    visits = List.copyOf(visits);
    if ((state == State.DEFERRED) != (due != null)) {
      throw new IllegalArgumentException("a send is due if and only if it is deferred");
    }
  }

  /** A send of which nothing was heard yet. */
  public Send(
      String id,
      SendRequest request,
      Instant at,
      State state,
      int attempts,
      @Nullable Address to,
      Set<Channel> refused,
      List<Finding> findings,
      @Nullable Instant due,
      @Nullable String providerId,
      @Nullable String detail) {
    this(
        id,
        request,
        at,
        state,
        attempts,
        to,
        refused,
        findings,
        due,
        providerId,
        detail,
        Map.of(),
        List.of());
  }

  /** The channel it goes or went by, or at which it was decided that it does not. */
  public Channel channel() {
    if (to != null) {
      return to.channel();
    }
    return findings.isEmpty() ? request.channels().getFirst() : findings.getLast().channel();
  }

  /** From when on it is forgotten. */
  public Instant keptUntil() {
    return at.plus(KEPT);
  }

  /** This send as it was in that state. */
  public Send in(State before) {
    return with(before, refused, providerId, detail);
  }

  /** This send with that receipt too. */
  public Send with(Receipt receipt) {
    Map<Receipt.Kind, Instant> all = new EnumMap<>(Receipt.Kind.class);
    all.putAll(receipts);
    all.merge(receipt.kind(), receipt.at(), (one, other) -> one.isBefore(other) ? one : other);
    return new Send(
        id,
        request,
        at,
        state,
        attempts,
        to,
        refused,
        findings,
        due,
        providerId,
        detail,
        all,
        visits);
  }

  /** When a person first opened it, as far as its image tells. */
  public Optional<Instant> opened() {
    return Visit.first(true, visits, at, receipts.get(Receipt.Kind.DELIVERED));
  }

  /** When a person first followed one of its links. */
  public Optional<Instant> clicked() {
    return Visit.first(false, visits, at, receipts.get(Receipt.Kind.DELIVERED));
  }

  /** Whether the message may still have to be rendered. */
  private static boolean isOpen(State state, SendRequest request) {
    return switch (state) {
      case CLAIMED, RETRYABLE, DEFERRED -> true;
      case UNKNOWN -> request.atLeastOnce();
      case SENT, REFUSED, NOT_SENT -> false;
    };
  }

  /** This send after the provider was called for its latest attempt. */
  public Send after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Sent(String given, var _) -> with(State.SENT, refused, given, null);
      case Outcome.Retryable(String words) -> with(State.RETRYABLE, refused, null, words);
      case Outcome.Refused(String words, var _) -> refused(words);
      case Outcome.Unknown(String words) -> with(State.UNKNOWN, refused, null, words);
    };
  }

  /** Refused for good only when no channel is left. */
  private Send refused(String words) {
    Set<Channel> all = EnumSet.noneOf(Channel.class);
    all.addAll(refused);
    if (to != null) {
      all.add(to.channel());
    }
    return with(
        all.containsAll(request.channels()) ? State.REFUSED : State.RETRYABLE, all, null, words);
  }

  private Send with(
      State next, Set<Channel> without, @Nullable String given, @Nullable String words) {
    return new Send(
        id, request, at, next, attempts, to, without, findings, null, given, words, receipts,
        visits);
  }
}
