package dev.perennial.stores;

import dev.perennial.domain.delivery.Channel;
import java.util.List;

/** A way that a message takes when nobody dies. */
enum Course {
  EMAIL,
  SMS,
  /** The provider renews the device's token. */
  PUSH,
  /** The provider takes it the second time. */
  THROTTLED,
  /** The device is no more. */
  GONE,
  /** It is asked for in quiet hours, and goes in the morning. */
  WAITING,
  /** The first provider refuses it for good, the second takes it. */
  FALLBACK,
  /** It may go more than once, and the first reply is of no use. */
  AGAIN;

  List<Channel> channels() {
    return switch (this) {
      case EMAIL, THROTTLED, WAITING, AGAIN -> List.of(Channel.EMAIL);
      case SMS -> List.of(Channel.SMS);
      case PUSH, GONE -> List.of(Channel.PUSH);
      case FALLBACK -> List.of(Channel.EMAIL, Channel.SMS);
    };
  }

  boolean isMarketing() {
    return this != AGAIN;
  }
}
