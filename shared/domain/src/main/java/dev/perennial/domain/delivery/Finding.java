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
    /** The content has a form for the channel, and it renders. */
    RENDITION,
    /** The person can be reached there. */
    ADDRESS,
    /** Nobody with that address got this message already. */
    DUPLICATE,
    /** The person allows it. */
    CONSENT
  }
}
