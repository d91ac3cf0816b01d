package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.Scoring.Customer;
import dev.perennial.domain.segment.Scoring.Tally;
import dev.perennial.domain.segment.Scorings;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of scorings does. */
public interface ScoringsContract {

  Instant UNTIL = Instant.parse("2026-03-08T00:00:00Z");
  Scoring NIGHT = new Scoring(LocalDate.of(2026, 3, 1));

  /** An empty store. */
  Scorings scorings();

  @Test
  default void keepsWhereEachShardStandsAndOneOfTwoWhoMadeAStepIsToldSo() {
    Scorings scorings = scorings();
    Customer ann = new Customer("ann", 3_600, 2, new BigDecimal("12.5"));
    Tally half = new Tally(3, 1, "there", false, List.of(ann));
    Tally whole = new Tally(3, 2, null, true, List.of(ann));

    assertThat(scorings.save(NIGHT, half, UNTIL)).isTrue();
    assertThat(scorings.save(NIGHT, half, UNTIL)).isFalse();
    assertThat(scorings.tallies(NIGHT)).containsExactly(half);
    assertThat(scorings.save(NIGHT, whole, UNTIL)).isTrue();
    assertThat(scorings.save(NIGHT, whole, UNTIL)).isFalse();
    assertThat(scorings.tallies(NIGHT)).containsExactly(whole);
    assertThat(scorings.tallies(new Scoring(NIGHT.day().plusDays(1)))).isEmpty();
  }
}
