package dev.perennial.domain.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.value.Value.Num;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeriesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /** An event, of no kind when that is negative. */
  private record Seen(Instant at, long kind) {
    Point point() {
      return kind < 0 ? Point.ONE : Point.ofKind(kind);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void manyKindsAreKeptAlikeInWhateverOrderTheyCome(long seed) {
    Random random = new Random(seed);
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      // Crowded hours and empty ones, and instants that several share.
      long second = random.nextInt(400) * 3_600L / (1 + random.nextInt(4));
      seen.add(
          new Seen(NOON.minusSeconds(second + random.nextInt(60)), random.nextInt(2_500) - 500));
    }
    Series one = series(seen);
    Collections.shuffle(seen, random);

    assertThat(series(seen)).isEqualTo(one);
    assertThat(kinds(one)).isLessThan(Series.KINDS + 3 * Series.MOST_KINDS);
  }

  @Test
  void aWindowKnowsTheNewestKinds() {
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      seen.add(new Seen(NOON.minus(Duration.ofMinutes(10L * i)), i));
    }
    Series series = series(seen);

    assertThat(kinds(series)).isLessThan(Series.KINDS + 3 * Series.MOST_KINDS);
    assertThat(Window.number(series.points(), Duration.ofDays(1), NOON, Aggregate.DISTINCT))
        .isEqualTo(Num.of(144));
    assertThat(Window.number(series.points(), null, NOON, Aggregate.COUNT))
        .isEqualTo(Num.of(3_000));
    assertThat(Window.number(series.points(), null, NOON, Aggregate.DISTINCT))
        .isEqualTo(Num.of(Series.MOST_KINDS));
  }

  private static Series series(List<Seen> seen) {
    Series series = Series.EMPTY;
    for (Seen one : seen) {
      series = series.plus(one.at(), one.point());
    }
    return series;
  }

  private static int kinds(Series series) {
    return Stream.of(series.exact(), series.hourly())
        .flatMap(points -> points.values().stream())
        .mapToInt(point -> point.kinds().size())
        .sum();
  }
}
