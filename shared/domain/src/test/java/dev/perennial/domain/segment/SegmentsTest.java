package dev.perennial.domain.segment;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.Condition.InSegment;
import dev.perennial.domain.segment.Condition.OfEvents;
import dev.perennial.domain.segment.Series.Point;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SegmentsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  @Timeout(10)
  void manyReferencesToOneSegmentAskItOnce() {
    Map<SegmentId, Condition> conditions = new HashMap<>();
    conditions.put(new SegmentId("s0"), new Condition.Inactive(Duration.ofDays(1)));
    for (int i = 1; i <= 8; i++) {
      InSegment before = new InSegment(new SegmentId("s" + (i - 1)));
      conditions.put(new SegmentId("s" + i), new Condition.Any(Collections.nCopies(100, before)));
    }

    Evaluation evaluation =
        Segments.of(conditions).evaluate(new Facts(Map.of(), Map.of(), Map.of(), NOW), NOW);

    assertThat(evaluation.members()).isEmpty();
    assertThat(evaluation.nextChange()).isEqualTo(NOW.plus(Duration.ofDays(1)));
  }

  @Test
  void segmentsInACircleHaveNobody() {
    SegmentId a = new SegmentId("a");
    SegmentId b = new SegmentId("b");

    Segments circle = Segments.of(Map.of(a, new InSegment(b), b, new InSegment(a)));

    assertThat(circle.evaluate(new Facts(Map.of(), Map.of(), Map.of(), NOW), NOW).members())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Aggregate.class)
  @Timeout(value = 10, unit = SECONDS)
  void manyPointsInAWindowAreFollowedOnce(Aggregate aggregate) {
    TreeMap<Instant, Point> points = new TreeMap<>();
    for (int i = 0; i < 50_000; i++) {
      points.put(NOW.minusSeconds(i), Point.of(BigDecimal.valueOf(i % 100)));
    }
    OfEvents never =
        new OfEvents(
            EventFilter.named("A"),
            Duration.ofDays(30),
            aggregate,
            aggregate == Aggregate.COUNT ? null : "total",
            Comparisons.of(new Beyond(Side.LT, BigDecimal.ZERO)));
    Facts facts =
        new Facts(
            Map.of(),
            Map.of(),
            Map.of(CounterSpec.of(never).id(), new Series(points, Collections.emptyNavigableMap())),
            NOW);

    assertThat(Segments.of(Map.of(new SegmentId("s"), never)).evaluate(facts, NOW).nextChange())
        .isNull();
  }
}
