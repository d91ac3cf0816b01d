package dev.perennial.domain.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** "Today" is what the calendar on the person's wall says, in every zone of tzdata. */
final class OnDateLawTest {

  private static final Instant FROM = Instant.parse("2004-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2030-01-01T00:00:00Z");

  static Stream<String> zones() {
    return ZoneId.getAvailableZoneIds().stream().sorted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("zones")
  void theNextChangeIsNeverMissed(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(name.hashCode());
    for (Instant around : momentsOf(zone, random)) {
      LocalDate date = LocalDate.ofInstant(around, zone).plusDays(random.nextInt(3) - 1);
      boolean yearly = random.nextBoolean();
      OnDate question = new OnDate("date", random.nextInt(3) - 1, yearly);
      Facts facts = facts(date.toString(), name);
      Instant now = around.minus(Duration.ofMinutes(random.nextInt(3_000)));

      Instant next = question.nextFlip(new Moment(facts, now));

      boolean before = question.holds(new Moment(facts, now));
      assertThat(before)
          .as("%s at %s in %s", date, now, name)
          .isEqualTo(onTheWall(question, date, now, zone));
      Instant end = next == null ? around.plus(Duration.ofDays(4)) : next;
      for (Instant at = now;
          at.isBefore(end) && at.isBefore(around.plus(Duration.ofDays(4)));
          at = at.plus(Duration.ofMinutes(30))) {
        assertThat(onTheWall(question, date, at, zone))
            .as("%s at %s, asked at %s in %s", date, at, now, name)
            .isEqualTo(before);
      }
      if (next != null) {
        assertThat(onTheWall(question, date, next.minusNanos(1), zone)).isEqualTo(before);
        assertThat(onTheWall(question, date, next, zone)).isNotEqualTo(before);
      }
    }
  }

  /** All of the zone's transitions, and other moments. */
  private static List<Instant> momentsOf(ZoneId zone, Random random) {
    List<Instant> moments = new ArrayList<>();
    ZoneOffsetTransition next = zone.getRules().nextTransition(FROM);
    while (next != null && next.getInstant().isBefore(TO)) {
      moments.add(next.getInstant());
      next = zone.getRules().nextTransition(next.getInstant());
    }
    for (int i = 0; i < 3; i++) {
      moments.add(FROM.plusSeconds(random.nextLong(Duration.between(FROM, TO).toSeconds())));
    }
    return moments;
  }

  private static boolean onTheWall(OnDate question, LocalDate date, Instant at, ZoneId zone) {
    LocalDate wanted = LocalDate.ofInstant(at, zone).minusDays(question.days());
    return question.yearly() ? wanted.equals(date.withYear(wanted.getYear())) : wanted.equals(date);
  }

  @ParameterizedTest
  @CsvSource({
    "1996-02-29, 2027-02-28T12:00:00Z, true",
    "1996-02-29, 2027-03-01T12:00:00Z, false",
    "1996-02-29, 2028-02-29T12:00:00Z, true",
    "1996-02-29, 2028-02-28T12:00:00Z, false",
    "--02-29,    2027-02-28T12:00:00Z, true",
    "1990-05-03T23:30:00Z, 2026-05-04T12:00:00Z, true",
    "1990-05-03T23:30:00, 2026-05-03T12:00:00Z, true",
    "1990-05-03T23:30:00+02:00, 2026-05-03T12:00:00Z, true",
    "03.05.1990, 2026-05-03T12:00:00Z, false",
    "+999999999-05-03, 2026-05-03T12:00:00Z, false",
    "1990-02-30, 2026-03-02T12:00:00Z, false"
  })
  void aBirthdayComesEveryYear(String date, Instant now, boolean holds) {
    OnDate birthday = new OnDate("date", 0, true);

    assertThat(birthday.holds(new Moment(facts(date, "Europe/Berlin"), now))).isEqualTo(holds);
  }

  @Test
  void anUnknownZoneIsUtc() {
    Instant now = Instant.parse("2026-05-03T23:59:00Z");
    OnDate today = new OnDate("date", 0, false);

    assertThat(today.holds(new Moment(facts("2026-05-03", "Mars/Olympus"), now))).isTrue();
    assertThat(today.nextFlip(new Moment(facts("2026-05-03", "Mars/Olympus"), now)))
        .isEqualTo(LocalDate.of(2026, 5, 4).atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  private static Facts facts(String date, String zone) {
    return new Facts(
        Map.of("date", new Text(date), "timezone", new Text(zone)), Map.of(), Map.of(), null);
  }
}
