package dev.perennial.domain.delivery;

/**
 * What one rule said about one channel.
 *
 * @param passed whether the rule lets the message go
 * @param fact it went by, in words
 */
public record Finding(Channel channel, Rule rule, boolean passed, String fact) {

  /** What is asked before a message goes. */
  public enum Rule {
    /** No restore from a backup lies between its wish and now. */
    RESTORE,
    /** The news is not stale. */
    EXPIRY,
    /** No provider of the channel refused it for good. */
    PROVIDER,
    /** Sending on the channel is not paused. */
    PAUSE,
    /** The content has a form for the channel, and it renders. */
    RENDITION,
    /** The person can be reached there. */
    ADDRESS,
    /** The address exists and its owner has not complained. */
    SUPPRESSION,
    /** Nobody with that address got this message already. */
    DUPLICATE,
    /** The person allows it. */
    CONSENT,
    /** The person has not had as many as the team allows. */
    FREQUENCY_CAP,
    /** Neither the address nor a public key has had as many as nobody would want: misuse. */
    PUMPING,
    /** It is no time at which people sleep. */
    QUIET_HOURS,
    /** The provider takes more just now. */
    RATE
  }
}
