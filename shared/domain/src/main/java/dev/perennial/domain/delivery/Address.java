package dev.perennial.domain.delivery;

import dev.perennial.domain.Digest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;

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
    APNS(Channel.PUSH),
    /** A channel id of Baidu's cloud push. */
    BAIDU(Channel.PUSH);

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

  /**
   * Under which consent, limits and blocks of the address are stored: the same whoever has it, and
   * of an identifier its hash, so that nothing readable is left when its owner is forgotten.
   */
  public PersonId key(String workspace) {
    return switch (kind) {
      case EMAIL -> new Identifier(Namespace.EMAIL, value).hash(workspace);
      case PHONE -> new Identifier(Namespace.PHONE, value).hash(workspace);
      case FCM, APNS, BAIDU -> new PersonId(Digest.of(workspace, "device", value));
    };
  }
}
