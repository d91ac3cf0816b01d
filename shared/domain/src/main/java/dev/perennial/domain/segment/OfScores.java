package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Orders;
import dev.perennial.domain.segment.Rfm.Tier;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The scores of the person are so.
 *
 * @param rfm the cuts; null before the first were made: nobody has scores then
 * @param is demands on scores
 * @param tier to be in; null when any is good
 */
record OfScores(@Nullable Rfm rfm, Map<Dimension, Comparisons> is, @Nullable Tier tier)
    implements Question {

  @Override
  public boolean holds(Moment moment) {
    Orders orders = rfm == null ? null : Orders.of(moment);
    if (rfm == null || orders == null) {
      return false;
    }
    Map<Dimension, Integer> scores = orders.scores(rfm, moment.now());
    return (tier == null || Rfm.tier(scores) == tier)
        && is.entrySet().stream()
            .allMatch(
                demand -> {
                  Integer score = scores.get(demand.getKey());
                  return demand.getValue().meets(score == null ? null : Num.of(score));
                });
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    if (rfm == null) {
      return null;
    }
    boolean before = holds(moment);
    TreeSet<Instant> turns = new TreeSet<>();
    for (Instant point : moment.series(CounterSpec.of(Rfm.ORDERS).id()).points().keySet()) {
      turns.add(point);
      turns.add(point.plus(Rfm.WINDOW));
      for (BigDecimal cut : rfm.bounds(Dimension.R)) {
        // Recency is in whole seconds.
        turns.add(point.plusSeconds(cut.longValue() + 1));
      }
    }
    for (Instant turn : turns.tailSet(moment.now(), false)) {
      if (holds(moment.at(turn)) != before) {
        return turn;
      }
    }
    return null;
  }
}
