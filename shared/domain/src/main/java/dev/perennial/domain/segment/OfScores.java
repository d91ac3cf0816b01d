package dev.perennial.domain.segment;

import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Rfm.Tier;
import dev.perennial.domain.value.Value.Num;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
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
    return rfm != null && meets(rfm, Orders.of(moment), moment.now());
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    if (rfm == null) {
      return null;
    }
    Window window = Orders.window(moment);
    boolean before = meets(rfm, Orders.of(window), moment.now());
    Instant at = nextChange(rfm, window, moment.now());
    while (at != null) {
      window.advance(at);
      if (meets(rfm, Orders.of(window), at) != before) {
        return at;
      }
      at = nextChange(rfm, window, at);
    }
    return null;
  }

  private boolean meets(Rfm rfm, @Nullable Orders orders, Instant now) {
    if (orders == null) {
      return false;
    }
    Map<Dimension, Integer> scores = orders.scores(rfm, now);
    return (tier == null || Rfm.tier(scores) == tier)
        && is.entrySet().stream()
            .allMatch(
                demand -> {
                  Integer score = scores.get(demand.getKey());
                  return demand.getValue().meets(score == null ? null : Num.of(score));
                });
  }

  /** When an order comes or leaves next, or the latest one ages into another fifth. */
  private static @Nullable Instant nextChange(Rfm rfm, Window window, Instant now) {
    Instant next = window.nextChange();
    Instant latest = window.latest();
    if (latest != null) {
      for (BigDecimal cut : rfm.bounds(Dimension.R)) {
        // Recency is in whole seconds.
        Instant aged = latest.plusSeconds(cut.longValue() + 1);
        if (aged.isAfter(now) && (next == null || aged.isBefore(next))) {
          next = aged;
        }
      }
    }
    return next;
  }
}
