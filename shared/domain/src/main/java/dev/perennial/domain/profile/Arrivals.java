package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How many of an owner's events of one day were applied: of the latest day of which any was. A day
 * is one of UTC, and an event's that on which it was accepted.
 *
 * @param quarantined since when events are kept aside, because there were too many on a day; null
 *     when none are
 * @param released up to when events accepted do not count, because the team let them in; null when
 *     it never did
 */
public record Arrivals(
    LocalDate day, int events, @Nullable Instant quarantined, @Nullable Instant released) {

  public static final Arrivals NONE = new Arrivals(LocalDate.EPOCH, 0, null, null);

  /** Whether the event may be applied where so many a day may be at most. */
  boolean admits(Event event, int most) {
    return !counts(event) || day(event).isAfter(day) || events < most;
  }

  Arrivals plus(Collection<Event> applied) {
    Arrivals sum = this;
    for (Event event : applied) {
      sum = sum.plus(event);
    }
    return sum;
  }

  Arrivals plus(Event applied) {
    if (!counts(applied)) {
      return this;
    }
    LocalDate that = day(applied);
    return new Arrivals(that, that.equals(day) ? events + 1 : 1, quarantined, released);
  }

  Arrivals quarantined(Instant since) {
    return new Arrivals(day, events, since, released);
  }

  /** Whatever was accepted up to now is let in, and counting begins anew. */
  Arrivals released(Instant now) {
    return new Arrivals(day, 0, null, now);
  }

  /** Nothing is kept aside any more. */
  Arrivals discarded() {
    return new Arrivals(day, events, null, released);
  }

  private boolean counts(Event event) {
    boolean free = released != null && !event.receivedAt().isAfter(released);
    return !free && !day(event).isBefore(day);
  }

  private static LocalDate day(Event event) {
    return event.receivedAt().atZone(ZoneOffset.UTC).toLocalDate();
  }
}
