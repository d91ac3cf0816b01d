package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which events of one owner were applied and left the tail: the {@value #NEWEST} newest by
 * timestamp, whatever order they came in. For older ones only history knows.
 *
 * @param newest by {@link Fingerprint}
 * @param horizon latest timestamp that was dropped from {@code newest}; null while nothing was
 * @param arrivals how many came on a day
 */
public record Seen(Map<Long, Past> newest, @Nullable Instant horizon, Arrivals arrivals) {

  public static final int NEWEST = 256;
  public static final Seen NOTHING = new Seen(Map.of(), null, Arrivals.NONE);

  private static final Comparator<Map.Entry<Long, Past>> OLDEST_FIRST =
      Comparator.<Map.Entry<Long, Past>, Instant>comparing(event -> event.getValue().at())
          .thenComparing(Map.Entry.comparingByKey());

  public Seen {
    newest = Map.copyOf(newest);
  }

  /**
   * What is remembered of an event.
   *
   * @param at its timestamp, to the millisecond
   * @param body what it said: the {@linkplain Fingerprint#ofBody stand-in}, twice, and one more
   *     when the timestamp is the platform's
   */
  public record Past(Instant at, int body) {

    static Past of(Event event) {
      return new Past(time(event), 2 * Fingerprint.ofBody(event) + (event.stamped() ? 1 : 0));
    }

    boolean says(Event event) {
      boolean stamped = body % 2 == 1 || event.stamped();
      return body / 2 == Fingerprint.ofBody(event) && (stamped || at.equals(time(event)));
    }
  }

  /** Whether the event was applied, as far as this can tell. */
  public Answer of(Event event) {
    Past past = newest.get(Fingerprint.of(event.messageId()));
    if (past != null) {
      return past.says(event) ? Answer.YES : Answer.YES_BUT_DIFFERENT;
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
    /** An event of that message id was applied, and said something else. */
    YES_BUT_DIFFERENT,
    NO,
    /** The event is older than what is remembered here, or its timestamp does not say. */
    ASK_HISTORY
  }

  /** This and those events. */
  public Seen plus(List<Event> events) {
    Map<Long, Past> all = new HashMap<>(newest);
    for (Event event : events) {
      all.put(Fingerprint.of(event.messageId()), Past.of(event));
    }
    Arrivals more = arrivals.plus(events);
    if (all.size() <= NEWEST) {
      return new Seen(all, horizon, more);
    }
    List<Map.Entry<Long, Past>> dropped =
        all.entrySet().stream().sorted(OLDEST_FIRST).limit(all.size() - NEWEST).toList();
    all.keySet().removeAll(dropped.stream().map(Map.Entry::getKey).toList());
    Instant latest = dropped.getLast().getValue().at();
    return new Seen(all, horizon == null || latest.isAfter(horizon) ? latest : horizon, more);
  }

  /** This with other arrivals. */
  Seen arriving(UnaryOperator<Arrivals> change) {
    return new Seen(newest, horizon, change.apply(arrivals));
  }

  private static Instant time(Event event) {
    return event.timestamp().truncatedTo(ChronoUnit.MILLIS);
  }
}
