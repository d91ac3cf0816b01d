package dev.perennial.domain.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace lets its messages do.
 *
 * @param zone of people whose own is unknown
 * @param quietHours for marketing; null for none
 * @param caps for marketing, all of which hold
 * @param transactional topics whose messages are no marketing: neither quiet hours nor caps hold
 *     them back
 * @param onlyOnceGranted channels on which nothing goes to people who did not say that they want it
 * @param perAddressPerDay most messages to one address in 24 hours, whatever they are about, by
 *     channel, against whoever makes a workspace pay for messages or fills a mailbox with them; no
 *     limit where absent
 * @param perWriteKeyPerHour most messages an hour that events of one write key start, by channel,
 *     for a write key is public; no limit where absent
 * @param perSecond most messages a second by channel; no limit where absent
 */
public record Policy(
    ZoneId zone,
    @Nullable QuietHours quietHours,
    List<FrequencyCap> caps,
    Set<String> transactional,
    Set<Channel> onlyOnceGranted,
    Map<Channel, Integer> perAddressPerDay,
    Map<Channel, Integer> perWriteKeyPerHour,
    Map<Channel, Integer> perSecond) {

  /** The topic that is transactional in every workspace that does not name others. */
  public static final String TRANSACTIONAL = "transactional";

  /** The policy of a workspace that has not said anything. */
  public static final Policy SHIPPED =
      new Policy(
          ZoneId.of("UTC"),
          new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0)),
          List.of(),
          Set.of(TRANSACTIONAL),
          Set.of(Channel.SMS),
          Map.of(Channel.EMAIL, 50, Channel.SMS, 10, Channel.PUSH, 50),
          Map.of(Channel.EMAIL, 10_000, Channel.SMS, 200, Channel.PUSH, 10_000),
          Map.of());

  /** What {@link #perAddressPerDay} looks back on. */
  public static final Duration DAY = Duration.ofHours(24);

  public Policy {
    caps = List.copyOf(caps);
    transactional = Set.copyOf(transactional);
    onlyOnceGranted = Set.copyOf(onlyOnceGranted);
    perAddressPerDay = Map.copyOf(perAddressPerDay);
    perWriteKeyPerHour = Map.copyOf(perWriteKeyPerHour);
    perSecond = Map.copyOf(perSecond);
  }

  /**
   * Whether messages about the topic are marketing, as all are that are not said to be otherwise.
   */
  public boolean isMarketing(String topic) {
    return !transactional.contains(topic);
  }

  /** The zone of that name, if there is one. */
  public static Optional<ZoneId> zone(String name) {
    try {
      return Optional.of(ZoneId.of(name));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
