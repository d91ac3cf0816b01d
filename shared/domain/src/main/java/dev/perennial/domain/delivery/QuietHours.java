package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A part of the day, by the clock on the recipient's wall, in which nothing is sent.
 *
 * @param from inclusive
 * @param to exclusive; before {@code from} when midnight lies between
 */
public record QuietHours(LocalTime from, LocalTime to) {

  public QuietHours {
    if (from.equals(to)) {
      throw new IllegalArgumentException("quiet hours that end when they begin are none");
    }
  }

  /** Whether a wall clock that shows this time is within. */
  public boolean contains(LocalTime time) {
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }

  /**
   * The first instant, not before {@code now}, at which the wall clock of the zone is outside.
   * Where clocks are turned, it is what they show that counts: an end that is skipped comes with
   * the skip, one that is shown twice ends only what is still within.
   */
  public Instant end(Instant now, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    Instant at = now;
    while (true) {
      ZoneOffset offset = rules.getOffset(at);
      LocalDateTime wall = LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), offset);
      if (!contains(wall.toLocalTime())) {
        return at;
      }
      Duration left = Duration.between(wall.toLocalTime(), to);
      Instant next = at.plus(left.isNegative() ? left.plusDays(1) : left);
      ZoneOffsetTransition turn = rules.nextTransition(at);
      at = turn != null && turn.getInstant().isBefore(next) ? turn.getInstant() : next;
    }
  }
}
