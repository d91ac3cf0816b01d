package dev.perennial.domain.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.domain.value.Value.Bool;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Planned segments answer as those that were compiled at once. */
final class SegmentPlanTest {

  static LongStream seeds() {
    return LongStream.range(0, 50L * Integer.getInteger("laws.scale", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsReadWhenAskedForAnswersAlike(long seed) {
    SegmentsCase generated = new SegmentsCase(new Random(seed));
    SegmentPlan plan =
        SegmentPlan.read(ByteBuffer.wrap(generated.segments.plan().orElseThrow().bytes()));
    Segments planned =
        Segments.of(
            plan,
            number ->
                new Segment(
                    plan.id(number),
                    generated.conditions.getOrDefault(plan.id(number), Condition.Any.NEVER),
                    null),
            generated.rfm,
            List.of());

    assertThat(planned.ids()).isEqualTo(generated.segments.ids());
    assertThat(planned.readConsent()).isEqualTo(generated.segments.readConsent());
    assertThat(planned.counters().id()).isEqualTo(generated.segments.counters().id());
    generated
        .inOrder()
        .forEach(
            event ->
                assertThat(planned.counters().count(Map.of(), event))
                    .isEqualTo(generated.segments.counters().count(Map.of(), event)));
    for (Instant now : generated.instants()) {
      assertThat(planned.evaluate(generated.facts(), now))
          .isEqualTo(generated.segments.evaluate(generated.facts(), now));
    }
    assertThat(planned.isSame(generated.segments)).isTrue();
  }

  @Test
  void onlyWhatSomebodyMayBeInIsRead() {
    SegmentId gold = new SegmentId("gold");
    Map<SegmentId, Condition> conditions =
        Map.of(
            gold,
            tagged("vip"),
            new SegmentId("silver"),
            tagged("regular"),
            new SegmentId("both"),
            new Condition.All(List.of(new Condition.InSegment(gold), tagged("regular"))));
    SegmentPlan plan =
        SegmentPlan.read(ByteBuffer.wrap(Segments.of(conditions).plan().orElseThrow().bytes()));
    List<SegmentId> read = new ArrayList<>();
    Segments planned =
        Segments.of(
            plan,
            number -> {
              read.add(plan.id(number));
              return new Segment(
                  plan.id(number),
                  conditions.getOrDefault(plan.id(number), Condition.Any.NEVER),
                  null);
            },
            null,
            List.of());

    List<SegmentId> members =
        planned.members(
            new Facts(Map.of(), Map.of("vip", new Bool(true)), Map.of(), null), Instant.EPOCH);

    assertThat(members).containsExactly(gold);
    assertThat(read).doesNotContain(new SegmentId("silver"));
  }

  @Test
  void whoeverRefersToWhatCannotBeReadIsNotAnsweredWithoutIt() {
    SegmentId gold = new SegmentId("gold");
    SegmentId both = new SegmentId("both");
    Map<SegmentId, Condition> conditions =
        Map.of(
            gold,
            tagged("vip"),
            both,
            new Condition.All(List.of(new Condition.InSegment(gold), tagged("vip"))));
    SegmentPlan plan =
        SegmentPlan.read(ByteBuffer.wrap(Segments.of(conditions).plan().orElseThrow().bytes()));
    AtomicInteger failures = new AtomicInteger(1);
    Segments planned =
        Segments.of(
            plan,
            number -> {
              SegmentId id = plan.id(number);
              if (id.equals(gold) && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("cannot be read");
              }
              return new Segment(id, conditions.getOrDefault(id, Condition.Any.NEVER), null);
            },
            null,
            List.of());
    Facts facts = new Facts(Map.of(), Map.of("vip", new Bool(true)), Map.of(), null);

    assertThatIllegalStateException().isThrownBy(() -> planned.members(facts, Instant.EPOCH));

    assertThat(planned.members(facts, Instant.EPOCH)).containsExactly(both, gold);
  }

  @Test
  void aCircleHasNoPlan() {
    SegmentId a = new SegmentId("a");
    SegmentId b = new SegmentId("b");

    assertThat(
            Segments.of(Map.of(a, new Condition.InSegment(b), b, new Condition.InSegment(a)))
                .plan())
        .isEmpty();
  }

  private static Condition tagged(String tag) {
    return new Condition.OfTag(tag, Comparisons.THERE);
  }
}
