package dev.perennial.domain.delivery;

import java.util.Map;

/**
 * The signed links that a message carries: whoever holds one may do what it says without a login.
 */
public interface Links {

  /** No links at all. */
  Links NONE =
      new Links() {
        @Override
        public Map<Kind, String> of(Recipient recipient) {
          return Map.of();
        }

        @Override
        public Rendition tracked(String send, Rendition rendition) {
          return rendition;
        }
      };

  /** What a link is for. */
  enum Kind {
    /** Ends messages about the topic on the channel: RFC 8058. */
    UNSUBSCRIBE,
    /** Shows the person's preferences for the channel. */
    PREFERENCES,
    /**
     * Confirms that the person wants marketing on the channel: the second half of double opt-in.
     */
    CONFIRM
  }

  /** The link of each kind for that recipient. */
  Map<Kind, String> of(Recipient recipient);

  /** The rendition with its web links led past us, and an image that tells of opening it. */
  Rendition tracked(String send, Rendition rendition);
}
