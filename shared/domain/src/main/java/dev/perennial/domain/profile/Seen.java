package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events of one owner were applied and left the tail: the {@value #NEWEST} newest by
 * timestamp, whatever order they came in. For older ones only history knows.
 *
 * @param newest timestamps, to the millisecond, by {@link Fingerprint}
 * @param horizon latest timestamp that was dropped from {@code newest}; null while nothing was
 */
public record Seen(Map<Long, Instant> newest, @Nullable Instant horizon) {

  public static final int NEWEST = 256;

  public static final Seen NOTHING = new Seen(Map.of(), null);

  private static final Comparator<Map.Entry<Long, Instant>> OLDEST_FIRST =
      Map.Entry.<Long, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey());

  public Seen {
    newest = Map.copyOf(newest);
  }

  /** Whether the event was applied, as far as this can tell. */
  public Answer of(Event event) {
    if (newest.containsKey(Fingerprint.of(event.messageId()))) {
      return Answer.YES;
    }
    if (horizon == null) {
      return Answer.NO;
    }
    // A copy that was stamped anew looks newer than the one that was dropped.
    return time(event).isAfter(horizon) && !event.stamped() ? Answer.NO : Answer.ASK_HISTORY;
  }

  /** What {@link #of} can say. */
  public enum Answer {
    YES,
    NO,
    /** The event is older than what is remembered here, or its timestamp does not say. */
    ASK_HISTORY
  }

  /** This and those events. */
  public Seen plus(List<Event> events) {
    Map<Long, Instant> all = new HashMap<>(newest);
    for (Event event : events) {
      all.put(Fingerprint.of(event.messageId()), time(event));
    }
    if (all.size() <= NEWEST) {
      return new Seen(all, horizon);
    }
    List<Map.Entry<Long, Instant>> dropped =
        all.entrySet().stream().sorted(OLDEST_FIRST).limit(all.size() - NEWEST).toList();
    all.keySet().removeAll(dropped.stream().map(Map.Entry::getKey).toList());
    Instant latest = dropped.getLast().getValue();
    return new Seen(all, horizon == null || latest.isAfter(horizon) ? latest : horizon);
  }

  private static Instant time(Event event) {
    return event.timestamp().truncatedTo(ChronoUnit.MILLIS);
  }
}
