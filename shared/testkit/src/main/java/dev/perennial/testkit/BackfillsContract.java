package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Standing;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.domain.segment.SegmentId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every store of backfills does. */
public interface BackfillsContract {

  Instant UNTIL = Instant.parse("2026-03-08T00:00:00Z");
  Backfill VIP = new Backfill(new SegmentId("vip"), 2, false);

  /** An empty store. */
  Backfills backfills();

  @Test
  default void keepsWhereEachShardStands() {
    Backfills backfills = backfills();
    Standing half = new Standing(3, 1, 200, "there", false);
    Standing whole = new Standing(3, 2, 250, null, true);
    Standing other = new Standing(4, 1, 0, null, true);

    assertThat(backfills.save(VIP, half, UNTIL)).isTrue();
    assertThat(backfills.standings(VIP)).containsExactly(half);
    assertThat(backfills.save(VIP, whole, UNTIL)).isTrue();
    assertThat(backfills.save(VIP, other, UNTIL)).isTrue();

    assertThat(backfills.standings(VIP)).containsExactlyInAnyOrder(whole, other);
    assertThat(backfills.standings(new Backfill(VIP.segment(), 2, true))).isEmpty();
    assertThat(backfills.standings(new Backfill(VIP.segment(), 3, false))).isEmpty();
  }

  @Test
  default void ofTwoWhoMadeTheSameStepOneIsToldSo() {
    Backfills backfills = backfills();
    Standing first = new Standing(0, 1, 7, "there", false);
    Standing second = new Standing(0, 2, 9, "further", false);
    backfills.save(VIP, first, UNTIL);

    assertThat(backfills.save(VIP, first, UNTIL)).isFalse();
    assertThat(backfills.save(VIP, second, UNTIL)).isTrue();
    assertThat(backfills.save(VIP, second, UNTIL)).isFalse();
    assertThat(backfills.standings(VIP)).containsExactly(second);
  }
}
