package dev.perennial.domain.segment;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Scores of customers by recency, frequency and monetary value (Hughes, Strategic Database
 * Marketing, 1994): each from 1 to 5, by the fifth of the population that a customer is in. Whoever
 * did not order within the window has none.
 *
 * @param at when the cuts were made
 * @param cuts four ascending bounds for each dimension: the values that a fifth, two fifths and so
 *     on of the customers do not exceed. Recency in seconds since the latest order
 */
public record Rfm(Instant at, Map<Dimension, List<BigDecimal>> cuts) {

  /** Bounds between fifths. */
  public static final int CUTS = 4;

  /** How far orders count. */
  public static final Duration WINDOW = Duration.ofDays(365);

  /** What is scored. */
  public enum Dimension {
    /** How long ago the latest order was: the shorter, the higher the score. */
    R,
    /** How many orders there were. */
    F,
    /** How much was paid. */
    M
  }

  /** What a customer is worth to us. */
  public enum Tier {
    /** The scores add up to 12 or more. */
    STRATEGIC,
    /** The scores add up to 8 to 11. */
    POTENTIAL,
    /** The scores add up to less. */
    LONG_TAIL
  }

  public Rfm {
    cuts = Map.copyOf(cuts);
    for (Dimension dimension : Dimension.values()) {
      List<BigDecimal> bounds = cuts.get(dimension);
      if (bounds == null || bounds.size() != CUTS) {
        throw new IllegalArgumentException("fifths have " + CUTS + " bounds");
      }
    }
  }

  /** The scores of a customer. */
  public Map<Dimension, Integer> scores(Duration recency, long orders, BigDecimal paid) {
    Map<Dimension, Integer> scores = new EnumMap<>(Dimension.class);
    scores.put(Dimension.R, 5 - above(Dimension.R, BigDecimal.valueOf(recency.toSeconds())));
    scores.put(Dimension.F, 1 + above(Dimension.F, BigDecimal.valueOf(orders)));
    scores.put(Dimension.M, 1 + above(Dimension.M, paid));
    return scores;
  }

  /** The tier of a customer with these scores. */
  public static Tier tier(Map<Dimension, Integer> scores) {
    int sum = scores.values().stream().mapToInt(Integer::intValue).sum();
    return sum >= 12 ? Tier.STRATEGIC : sum >= 8 ? Tier.POTENTIAL : Tier.LONG_TAIL;
  }

  private int above(Dimension dimension, BigDecimal value) {
    int above = 0;
    for (BigDecimal cut : bounds(dimension)) {
      if (value.compareTo(cut) > 0) {
        above++;
      }
    }
    return above;
  }

  /** The bounds of that dimension. */
  public List<BigDecimal> bounds(Dimension dimension) {
    List<BigDecimal> bounds = cuts.get(dimension);
    return bounds == null ? List.of() : bounds;
  }
}
