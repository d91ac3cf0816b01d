package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
 * @param to where the latest attempt went; null when there was none, or it was decided not to send
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

    /** Whether it is replaced by what became of the same attempt: certainty replaces doubt. */
    public boolean givesWayTo(State outcome) {
      return switch (this) {
        case CLAIMED -> true;
        case UNKNOWN -> outcome != UNKNOWN;
        case RETRYABLE, REFUSED, NOT_SENT, DEFERRED -> outcome == SENT;
        case SENT -> false;
      };
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

  /** This send as it was when it was claimed. */
  public Send asClaimed() {
    return with(State.CLAIMED, refused, null, null);
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

  /**
   * This send once something proves that it arrived, whatever was known of it; empty when it was
   * known to have gone.
   *
   * @param given id that the provider gave it; null when that is not known
   */
  public Optional<Send> arrived(@Nullable String given) {
    return state == State.SENT
        ? Optional.empty()
        : Optional.of(with(State.SENT, refused, given, null));
  }

  /** Whether something was heard that proves that it arrived. */
  boolean isProven() {
    return !receipts.isEmpty() || !visits.isEmpty();
  }

  /**
   * The address that is free for others again once that state of this send replaces this one: it
   * was provably not accepted there, and is not tried there again at once.
   */
  public Optional<Address> released(Send next) {
    boolean moves =
        switch (next.state) {
          case CLAIMED -> !Objects.equals(to, next.to);
          case REFUSED, NOT_SENT, DEFERRED -> true;
          case SENT, RETRYABLE, UNKNOWN -> false;
        };
    return state == State.RETRYABLE && moves ? Optional.ofNullable(to) : Optional.empty();
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
      case Outcome.Refused(String words, var _) ->
          with(State.RETRYABLE, withChannel(), null, words);
      case Outcome.Unknown(String words) -> with(State.UNKNOWN, refused, null, words);
    };
  }

  /** Whether another channel will do is decided anew. */
  private Set<Channel> withChannel() {
    Set<Channel> all = EnumSet.of(channel());
    all.addAll(refused);
    return all;
  }

  private Send with(
      State next, Set<Channel> without, @Nullable String given, @Nullable String words) {
    return new Send(
        id, request, at, next, attempts, to, without, findings, null, given, words, receipts,
        visits);
  }
}
