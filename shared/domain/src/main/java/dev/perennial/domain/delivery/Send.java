package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Block.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param doubtful whether an attempt before the latest one may have been accepted
 * @param to where the latest attempt went; null when there was none, or it was decided not to send
 * @param refused channels whose provider refused it for good
 * @param block why the provider that refused the latest attempt takes nothing more for its address;
 *     null when it said nothing of it, and once it was heeded and decided anew
 * @param findings of the latest decision, in the order in which the rules were asked
 * @param due when it is looked at again; null unless deferred
 * @param providerId id that the provider gave it; null unless sent
 * @param detail of a state that needs words; null otherwise
 * @param receipts the earliest of each kind
 * @param visits of its links, those that tell most
 */
public record Send(
    String id,
    SendRequest request,
    Instant at,
    State state,
    int attempts,
    boolean doubtful,
    @Nullable Address to,
    Set<Channel> refused,
    @Nullable Reason block,
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
    String title() {
      return this == NOT_SENT ? "notSent" : name().toLowerCase(Locale.ROOT);
    }

    private boolean givesWayTo(State outcome) {
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
        false,
        to,
        refused,
        null,
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
    return with(State.CLAIMED, refused, null, null, null);
  }

  /** This send with that receipt too. */
  public Send with(Receipt receipt) {
    Map<Receipt.Kind, Instant> all = new EnumMap<>(Receipt.Kind.class);
    all.putAll(receipts);
    all.merge(receipt.kind(), receipt.at(), (one, other) -> one.isBefore(other) ? one : other);
    return heard(all, visits);
  }

  /** This send with that visit too, and without those by which nothing is told any more. */
  public Send with(Visit visit) {
    List<Visit> all = new ArrayList<>(visits);
    all.add(visit);
    return heard(receipts, Visit.kept(all, at, receipts.get(Receipt.Kind.DELIVERED)));
  }

  /** This send with all that was heard of it. */
  public Send heard(Map<Receipt.Kind, Instant> received, List<Visit> visited) {
    return new Send(
        id,
        request,
        at,
        state,
        attempts,
        doubtful,
        to,
        refused,
        block,
        findings,
        due,
        providerId,
        detail,
        received,
        visited);
  }

  /**
   * This send once something proves that it arrived, whatever was known of it; empty when that says
   * nothing new.
   *
   * @param given id that the provider gave it; null when that is not known
   */
  public Optional<Send> arrived(@Nullable String given) {
    Send next = with(State.SENT, refused, block, given == null ? providerId : given, null);
    return givesWayTo(next) ? Optional.of(next) : Optional.empty();
  }

  /**
   * Whether it is replaced by what became of the same attempt: certainty replaces doubt, and the
   * provider's id what goes without.
   */
  public boolean givesWayTo(Send next) {
    boolean named =
        next.state == State.SENT
            && state == State.SENT
            && providerId == null
            && next.providerId != null;
    return attempts == next.attempts && (named || state.givesWayTo(next.state));
  }

  /** Whether it may have been accepted already, of what is not known to have been sent. */
  public boolean mayHaveGone() {
    return state == State.UNKNOWN || doubtful;
  }

  /** Whether that address, which it has claimed, may have the message. */
  boolean keeps(Address address) {
    return mayHaveGone() || (address.equals(to) && (state == State.SENT || isProven()));
  }

  /** Whether something was heard that proves that it arrived. */
  boolean isProven() {
    return !receipts.isEmpty() || !visits.isEmpty();
  }

  /**
   * The address that is free for others again once that state of this send replaces this one: it
   * was provably not accepted there, by no attempt, and is not tried there again at once.
   */
  public Optional<Address> released(Send next) {
    boolean moves =
        switch (next.state) {
          case CLAIMED -> !Objects.equals(to, next.to);
          case REFUSED, NOT_SENT, DEFERRED -> true;
          case SENT, RETRYABLE, UNKNOWN -> false;
        };
    return state == State.RETRYABLE && !doubtful && moves
        ? Optional.ofNullable(to)
        : Optional.empty();
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
      case Outcome.Sent(String given, var _) -> with(State.SENT, refused, null, given, null);
      case Outcome.Retryable(String words) -> with(State.RETRYABLE, refused, null, null, words);
      case Outcome.Refused(String words, Reason reason) ->
          with(State.RETRYABLE, withChannel(), reason, null, words);
      case Outcome.Unknown(String words) -> with(State.UNKNOWN, refused, null, null, words);
    };
  }

  /** Whether another channel will do is decided anew. */
  private Set<Channel> withChannel() {
    Set<Channel> all = EnumSet.of(channel());
    all.addAll(refused);
    return all;
  }

  private Send with(
      State next,
      Set<Channel> without,
      @Nullable Reason reason,
      @Nullable String given,
      @Nullable String words) {
    return new Send(
        id, request, at, next, attempts, doubtful, to, without, reason, findings, null, given,
        words, receipts, visits);
  }
}
