package dev.perennial.domain.delivery;

import dev.perennial.domain.delivery.Send.State;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of the totals of sends, by channel: how many stand in each state that may last, and of
 * how many each kind of receipt came. Each send counts once in either, for its store counts in the
 * same transaction.
 */
public final class SendTotals {

  private SendTotals() {}

  /** For example {@code sends.email.notSent}. */
  public static String of(Channel channel, State state) {
    return name(channel, state.title());
  }

  /** For example {@code sends.email.delivered}. */
  public static String of(Channel channel, Receipt.Kind kind) {
    return name(channel, kind.name().toLowerCase(Locale.ROOT));
  }

  /** What is to be added to totals when one state of a send replaces another. */
  public static Map<String, Integer> changes(@Nullable Send before, Send after) {
    Map<String, Integer> changes = new HashMap<>();
    if (before != null && lasts(before.state())) {
      changes.merge(of(before.channel(), before.state()), -1, Integer::sum);
    }
    if (lasts(after.state())) {
      changes.merge(of(after.channel(), after.state()), 1, Integer::sum);
    }
    changes.values().removeIf(n -> n == 0);
    return changes;
  }

  private static boolean lasts(State state) {
    return switch (state) {
      case SENT, UNKNOWN, REFUSED, NOT_SENT -> true;
      case CLAIMED, RETRYABLE, DEFERRED -> false;
    };
  }

  private static String name(Channel channel, String state) {
    return "sends." + channel.name().toLowerCase(Locale.ROOT) + "." + state;
  }
}
