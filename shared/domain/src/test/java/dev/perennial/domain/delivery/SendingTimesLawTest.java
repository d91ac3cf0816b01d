package dev.perennial.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.delivery.FrequencyCap.Period;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quiet hours and caps against a wall clock that is looked at minute by minute. */
class SendingTimesLawTest {

  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final Instant FROM = Instant.parse("1990-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2030-01-01T00:00:00Z");
  private static final List<ZoneId> ZONES =
      new TreeSet<>(ZoneId.getAvailableZoneIds()).stream().map(ZoneId::of).toList();

  /** Of each zone, hours before and after every turn of its clocks since 1990. */
  @Test
  void quietHoursEndRightAcrossEveryTurnOfEveryZone() {
    QuietHours shipped = new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0));
    QuietHours atTheTurn = new QuietHours(LocalTime.of(23, 30), LocalTime.of(2, 30));
    int turns = 0;
    for (ZoneId zone : ZONES) {
      ZoneRules rules = zone.getRules();
      ZoneOffsetTransition turn = rules.nextTransition(FROM);
      while (turn != null && turn.getInstant().isBefore(TO)) {
        turns++;
        for (int hours : List.of(-9, -3, -1, 0, 1)) {
          Instant now = turn.getInstant().plus(Duration.ofHours(hours));
          assertEndsRight(shipped, now, zone);
          assertEndsRight(atTheTurn, now, zone);
        }
        turn = rules.nextTransition(turn.getInstant());
      }
      assertEndsRight(shipped, FROM, zone);
    }
    assertThat(turns).isGreaterThan(10_000);
  }

  /** Of each zone, messages around every turn of its clocks and around the midnights beside it. */
  @Test
  void capsCountRightAcrossEveryTurnOfEveryZone() {
    int turns = 0;
    for (ZoneId zone : ZONES) {
      ZoneOffsetTransition turn = zone.getRules().nextTransition(FROM);
      while (turn != null && turn.getInstant().isBefore(TO)) {
        turns++;
        LocalDate day = turn.getInstant().atZone(zone).toLocalDate();
        List<Counted> counted = new ArrayList<>();
        Stream.of(
                turn.getInstant(),
                day.atStartOfDay(zone).toInstant(),
                day.plusDays(1).atStartOfDay(zone).toInstant(),
                begin(Period.WEEK, day, zone).toInstant(),
                begin(Period.MONTH, day, zone).toInstant())
            .flatMap(at -> Stream.of(at.minusSeconds(1), at))
            .forEach(
                at -> counted.add(new Counted(at.toString(), Channel.EMAIL, "news", at, true)));
        for (Period period : Period.values()) {
          FrequencyCap cap = new FrequencyCap(null, null, period, 1);
          // Around the turn, and at the midnight after it.
          for (Counted now : List.of(counted.get(0), counted.get(1), counted.get(5))) {
            assertThat(cap.used(counted, "none", now.at(), zone))
                .as("%s at %s in %s", cap, now.at(), zone)
                .isEqualTo(
                    counted.stream().filter(one -> isIn(period, one, now.at(), zone)).count());
          }
        }
        turn = zone.getRules().nextTransition(turn.getInstant());
      }
    }
    assertThat(turns).isGreaterThan(10_000);
  }

  /** 10,000 in CI and 100,000 with {@code -Plaws}. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void randomSchedulesAgreeWithTheWallClock(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000 * SCALE; i++) {
      ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
      Instant now =
          FROM.plusSeconds(
              (long) (random.nextDouble() * (TO.getEpochSecond() - FROM.getEpochSecond())));
      LocalTime from = LocalTime.of(random.nextInt(24), 15 * random.nextInt(4));
      LocalTime to = from.plusMinutes(15L * (1 + random.nextInt(95)));
      assertEndsRight(new QuietHours(from, to), now, zone);
      assertCountsRight(random, now, zone);
    }
  }

  private static void assertEndsRight(QuietHours hours, Instant now, ZoneId zone) {
    assertThat(hours.end(now, zone))
        .as("%s at %s in %s", hours, now, zone)
        .isEqualTo(byWalking(hours, now, zone));
  }

  /** Looks at the wall clock at each instant at which it may show a whole minute or jumps. */
  private static Instant byWalking(QuietHours hours, Instant now, ZoneId zone) {
    Instant at = now;
    while (isQuiet(hours, at, zone)) {
      // Offsets have had seconds, never after 1990; minutes of all zones begin together then.
      at = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 60) * 60 + 60);
    }
    return at;
  }

  private static boolean isQuiet(QuietHours hours, Instant at, ZoneId zone) {
    int minute = at.atZone(zone).toLocalTime().toSecondOfDay() / 60;
    int from = hours.from().toSecondOfDay() / 60;
    int to = hours.to().toSecondOfDay() / 60;
    return Math.floorMod(minute - from, 1440) < Math.floorMod(to - from, 1440);
  }

  private static void assertCountsRight(Random random, Instant now, ZoneId zone) {
    List<Counted> counted = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      counted.add(
          new Counted(
              "s" + i,
              random.nextBoolean() ? Channel.EMAIL : Channel.PUSH,
              random.nextBoolean() ? "news" : "offers",
              now.minusSeconds((long) (random.nextDouble() * random.nextInt(33 * 86_400))),
              random.nextInt(4) > 0));
    }
    Period period = List.of(Period.values()).get(random.nextInt(3));
    FrequencyCap cap =
        new FrequencyCap(
            random.nextBoolean() ? null : Channel.EMAIL,
            random.nextBoolean() ? null : "news",
            period,
            1);

    long expected = 0;
    for (Counted one : counted) {
      boolean counts =
          one.marketing()
              && !one.send().equals("s0")
              && (cap.channel() == null || cap.channel() == one.channel())
              && (cap.topic() == null || cap.topic().equals(one.topic()));
      if (counts && isIn(period, one, now, zone)) {
        expected++;
      }
    }
    assertThat(cap.used(counted, "s0", now, zone))
        .as("%s at %s in %s", cap, now, zone)
        .isEqualTo(expected);
  }

  /** By the wall clock, which may show a day twice. */
  private static boolean isIn(Period period, Counted one, Instant now, ZoneId zone) {
    LocalDate today = now.atZone(zone).toLocalDate();
    LocalDate first = begin(period, today, zone).toLocalDate();
    LocalDate next =
        switch (period) {
          case DAY -> first.plusDays(1);
          case WEEK -> first.plusWeeks(1);
          case MONTH -> first.plusMonths(1);
        };
    LocalDate day = one.at().atZone(zone).toLocalDate();
    return !day.isBefore(first) && day.isBefore(next);
  }

  private static ZonedDateTime begin(Period period, LocalDate today, ZoneId zone) {
    LocalDate first =
        switch (period) {
          case DAY -> today;
          case WEEK -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case MONTH -> today.withDayOfMonth(1);
        };
    return first.atStartOfDay(zone);
  }
}
