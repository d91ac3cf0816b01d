package dev.perennial.domain.delivery;

/**
 * Where a message goes.
 *
 * @param value an email address, an E.164 number or a device token
 */
public record Address(Kind kind, String value) {

  /** How the provider must treat it. */
  public enum Kind {
    EMAIL(Channel.EMAIL),
    PHONE(Channel.SMS),
    /** A token of Firebase Cloud Messaging. */
    FCM(Channel.PUSH),
    /** A token of Apple's push service. */
    APNS(Channel.PUSH);

    private final Channel channel;

    Kind(Channel channel) {
      this.channel = channel;
    }

    public Channel channel() {
      return channel;
    }
  }

  public Channel channel() {
    return kind.channel();
  }
}
