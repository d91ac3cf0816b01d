package dev.perennial.domain.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReferencesTest {

  private static final Condition PRO =
      new Condition.OfTrait("plan", Comparisons.of(new Comparison.Is(new Text("pro"))));

  private static SegmentId id(int number) {
    return new SegmentId("s" + (100 + number));
  }

  /** Twice, as two parts of one. */
  private static Condition twice(int number) {
    Condition other = new Condition.InSegment(id(number));
    return new Condition.All(List.of(other, other));
  }

  /** The first asks for a trait, and each for the one before it. */
  private static Map<SegmentId, Condition> chain(int many) {
    Map<SegmentId, Condition> chain = new HashMap<>();
    for (int i = 0; i < many; i++) {
      chain.put(id(i), i == 0 ? PRO : twice(i - 1));
    }
    return chain;
  }

  @Test
  void twentyMayReferOneToTheNext() {
    Map<SegmentId, Condition> chain = chain(20);

    chain.forEach(
        (id, condition) -> assertThat(References.problem(id, condition, chain)).isEmpty());
    assertThat(References.problem(id(20), twice(19), chain)).isPresent();
  }

  @Test
  void whoeverJoinsTwoChainsIsInBoth() {
    Map<SegmentId, Condition> chain = chain(19);
    SegmentId middle = id(9);
    chain.put(middle, PRO);
    SegmentId other = new SegmentId("other");
    chain.put(other, new Condition.InSegment(id(8)));

    assertThat(References.problem(middle, twice(8), chain)).isEmpty();
    assertThat(References.problem(middle, new Condition.InSegment(other), chain)).isEmpty();
    chain.put(new SegmentId("more"), new Condition.InSegment(id(18)));
    assertThat(References.problem(middle, new Condition.InSegment(other), chain)).isPresent();
  }

  @Test
  void anExplanationOpensEachSegmentOnce() {
    Explanation explanation =
        Segments.of(chain(20))
            .explain(
                id(19),
                new Facts(Map.of("plan", new Text("pro")), Map.of(), Map.of(), null),
                Instant.EPOCH);

    assertThat(explanation.holds()).isTrue();
    assertThat(size(explanation)).isLessThan(100);
  }

  private static long size(Explanation explanation) {
    return 1 + explanation.parts().stream().mapToLong(ReferencesTest::size).sum();
  }
}
