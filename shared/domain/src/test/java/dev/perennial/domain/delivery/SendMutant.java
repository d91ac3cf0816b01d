package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.SendWorld.Minded;
import java.util.EnumSet;
import java.util.Set;

/** How the send protocol is broken on purpose, and what is seen to go wrong then. */
enum SendMutant {
  /** Not at all, in whichever scenario. */
  NONE(SendScenario.ROUND),

  /** Claims are conditional on nothing but the send itself and its address. */
  CONDITION_REMOVED(
      SendScenario.ROUND, "one address got it twice", "claimed after the opt-out was committed"),

  /** The provider is called first. */
  SEND_AND_CLAIM_SWAPPED(
      SendScenario.ROUND, "one address got it twice", "sent after the opt-out was committed"),

  /** A call that fails is repeated within one attempt. */
  SDK_RETRIES_ON(SendScenario.ROUND, "one address got it twice"),

  /** Whoever has not heard whether it went frees the address. */
  ADDRESS_FREED_IN_DOUBT(SendScenario.ROUND, "one address got it twice"),

  PAUSE_NOT_MINDED(SendScenario.HELD, "claimed while sending was paused"),

  TIMER_AFTER_THE_SEND(SendScenario.HELD, "deferred for ever"),

  /** Whoever registers a timer may still run when it fires. */
  FUNCTIONS_OUTLIVE_TIMERS(SendScenario.HELD, "deferred for ever"),

  /** A receipt that comes before the provider's answer changes nothing. */
  NEWS_NOT_HEEDED(SendScenario.AGAIN, "claimed though it was known to have arrived"),

  /** The next attempt forgets that an earlier one may have gone. */
  DOUBT_FORGOTTEN(SendScenario.ENDED, "said not to be sent, and was"),

  GIVEN_UP_STILL_COUNTED(SendScenario.HELD, "counts, and nobody accepted it"),

  /** Only whoever stored a block tells of it. */
  BLOCK_NOT_TOLD_AGAIN(SendScenario.ROUND, "blocked, and nobody was told"),

  /** A claim is declared lost while its worker is still at it. */
  CLAIM_LOST_AT_ONCE(SendScenario.HELD, "left in the midst: RETRYABLE"),

  /** Whoever cannot store that it arrived is done. */
  LOST_WRITE_OF_NEWS_ENDS_IT(SendScenario.AGAIN, "left in the midst: CLAIMED"),

  /** Whoever holds an address is taken for one who got the message. */
  WHOEVER_CLAIMED_GOT_IT(SendScenario.ROUND, "said to be a duplicate, and nobody got it"),

  /** Whoever waits for another relies on the queue to bring that one again. */
  NOBODY_WAKES_WHOM_THEY_WAIT_FOR(SendScenario.SHARED, "waits for one that is not tried again");

  private final SendScenario scenario;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> faults;

  SendMutant(SendScenario scenario, String... faults) {
    this.scenario = scenario;
    this.faults = Set.of(faults);
  }

  /** The smallest scenario in which it is seen. */
  SendScenario scenario() {
    return scenario;
  }

  /** What goes wrong. */
  Set<String> faults() {
    return faults;
  }

  /** What claims are conditional on. */
  Set<Minded> minded() {
    return switch (this) {
      case CONDITION_REMOVED -> Set.of();
      case PAUSE_NOT_MINDED -> EnumSet.complementOf(EnumSet.of(Minded.PAUSE));
      case WHOEVER_CLAIMED_GOT_IT -> EnumSet.complementOf(EnumSet.of(Minded.HOLDER));
      case NONE,
          SEND_AND_CLAIM_SWAPPED,
          SDK_RETRIES_ON,
          ADDRESS_FREED_IN_DOUBT,
          TIMER_AFTER_THE_SEND,
          FUNCTIONS_OUTLIVE_TIMERS,
          NEWS_NOT_HEEDED,
          DOUBT_FORGOTTEN,
          GIVEN_UP_STILL_COUNTED,
          BLOCK_NOT_TOLD_AGAIN,
          CLAIM_LOST_AT_ONCE,
          LOST_WRITE_OF_NEWS_ENDS_IT,
          NOBODY_WAKES_WHOM_THEY_WAIT_FOR ->
          EnumSet.allOf(Minded.class);
    };
  }
}
