package dev.perennial.domain.segment;

import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * It is that many days after the date in a trait, by the person's calendar.
 *
 * @param days after the date; negative before it
 * @param yearly whether the year of the date does not matter
 */
record OnDate(String trait, int days, boolean yearly) implements Question {

  /** Between two 29 Februaries lie eight years at most, and a zone may skip a day. */
  private static final int YEARS = 9;

  private static final int DATE_LENGTH = "2026-01-31".length();

  @Override
  public boolean holds(Moment moment) {
    ZoneId zone = zone(moment.facts());
    LocalDate today = LocalDate.ofInstant(moment.now(), zone);
    return isDay(today, moment.facts().traits().get(trait), zone);
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    ZoneId zone = zone(moment.facts());
    Value value = moment.facts().traits().get(trait);
    LocalDate today = LocalDate.ofInstant(moment.now(), zone);
    boolean before = isDay(today, value, zone);
    for (LocalDate day : days(today, value, zone)) {
      for (Instant turn : turns(day, zone.getRules()).tailSet(moment.now(), false)) {
        if (isDay(LocalDate.ofInstant(turn, zone), value, zone) != before) {
          return turn;
        }
      }
    }
    return null;
  }

  private boolean isDay(LocalDate today, @Nullable Value value, ZoneId zone) {
    LocalDate wanted = today.minusDays(days);
    if (!yearly) {
      return wanted.equals(date(value, zone));
    }
    MonthDay day = monthDay(value, zone);
    return day != null && wanted.equals(day.atYear(wanted.getYear()));
  }

  /** The days on which it may hold, those before yesterday left out, in order. */
  private List<LocalDate> days(LocalDate today, @Nullable Value value, ZoneId zone) {
    if (!yearly) {
      LocalDate date = date(value, zone);
      return date == null ? List.of() : List.of(date.plusDays(days));
    }
    MonthDay day = monthDay(value, zone);
    List<LocalDate> all = new ArrayList<>();
    for (int year = 0; day != null && year <= YEARS; year++) {
      all.add(day.atYear(today.minusDays(days + 1L).getYear() + year).plusDays(days));
    }
    return all;
  }

  /**
   * The instants around a day at which the date may become or cease to be that day: midnights and
   * whatever the zone's clocks do near them.
   */
  private static TreeSet<Instant> turns(LocalDate day, ZoneRules rules) {
    TreeSet<Instant> turns = new TreeSet<>();
    for (LocalDate midnight : List.of(day, day.plusDays(1))) {
      LocalDateTime start = midnight.atStartOfDay();
      for (ZoneOffset offset : rules.getValidOffsets(start)) {
        turns.add(start.toInstant(offset));
      }
    }
    Instant end = day.plusDays(3).atStartOfDay().toInstant(ZoneOffset.UTC);
    ZoneOffsetTransition transition =
        rules.nextTransition(day.minusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC));
    while (transition != null && transition.getInstant().isBefore(end)) {
      turns.add(transition.getInstant());
      transition = rules.nextTransition(transition.getInstant());
    }
    return turns;
  }

  /** The date that the value is: a date, a time of a day, or an instant, which has one by zone. */
  private static @Nullable LocalDate date(@Nullable Value value, ZoneId zone) {
    if (!(value instanceof Text(String text))
        || text.length() < DATE_LENGTH
        || !Character.isDigit(text.charAt(0))) {
      return null;
    }
    try {
      if (text.length() == DATE_LENGTH) {
        return LocalDate.parse(text);
      }
      return hasOffset(text)
          ? LocalDate.ofInstant(OffsetDateTime.parse(text).toInstant(), zone)
          : LocalDateTime.parse(text).toLocalDate();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean hasOffset(String text) {
    return text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > DATE_LENGTH;
  }

  /** As {@link #date}, or a day without a year such as {@code --02-29}. */
  private static @Nullable MonthDay monthDay(@Nullable Value value, ZoneId zone) {
    try {
      if (value instanceof Text(String text) && text.startsWith("--")) {
        return MonthDay.parse(text);
      }
    } catch (DateTimeException e) {
      return null;
    }
    LocalDate date = date(value, zone);
    return date == null ? null : MonthDay.from(date);
  }

  /** UTC when the person's zone is not known. */
  private static ZoneId zone(Facts facts) {
    try {
      return facts.traits().get(Facet.TIMEZONE) instanceof Text(String name)
          ? ZoneId.of(name)
          : ZoneOffset.UTC;
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }
}
