package dev.perennial.testkit;

import static dev.perennial.testkit.BackfillPlatform.BUYERS;
import static dev.perennial.testkit.BackfillPlatform.NOON;
import static dev.perennial.testkit.BackfillPlatform.ONE_ORDER;
import static dev.perennial.testkit.BackfillPlatform.TWO_ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.LiveSegments;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BackfillSegmentTest {

  @Test
  void everybodyIsEvaluatedByANewSegment() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);

    platform.backfill();

    assertThat(platform.members.size(BUYERS)).isEqualTo(40);
    assertThat(platform.published)
        .hasSize(40)
        .allSatisfy(transition -> assertThat(transition.cause()).isEqualTo(Cause.BACKFILL));
    assertThat(platform.status()).isEqualTo(Definition.READY);
  }

  @Test
  void itIsReadyOnlyWhenAllShardsAreDone() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Work last = platform.queue.removeLast();

    platform.backfill();
    assertThat(platform.status()).isEqualTo(BackfillSegment.BACKFILLING);

    platform.work(last);
    assertThat(platform.status()).isEqualTo(Definition.READY);
  }

  @Test
  void aCrashAnywhereAndEveryMessageTwiceEndAlike() {
    BackfillPlatform undisturbed = BackfillPlatform.withBuyers(10);
    undisturbed.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    undisturbed.backfill();

    for (int call = 0; call < undisturbed.crashes.calls(); call++) {
      for (boolean before : new boolean[] {true, false}) {
        BackfillPlatform platform = BackfillPlatform.withBuyers(10);
        platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
        platform.queue.addAll(List.copyOf(platform.queue));
        platform.crashes.dieAt(call, before);

        platform.backfill();

        assertThat(new HashSet<>(platform.published))
            .as("crash %s call %d", before ? "before" : "after", call)
            .isEqualTo(new HashSet<>(undisturbed.published));
        assertThat(platform.members.size(BUYERS)).isEqualTo(10);
        assertThat(platform.status()).isEqualTo(Definition.READY);
      }
    }
  }

  @Test
  void whenTimeIsShortTheRestIsToldAnew() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(4_000);
    platform.timeIsShort = true;
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Work first = platform.queue.getFirst();

    platform.work(platform.queue.removeFirst());

    assertThat(platform.queue).hasSize(Backfill.SHARDS).last().isEqualTo(first);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isEqualTo(4_000);
  }

  @Test
  void anEditMovesPeopleAndSaysSo() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(2);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    platform.now = NOON.plusSeconds(10);
    platform.order("u0");
    platform.evaluate("u0");

    platform.now = NOON.plusSeconds(20);
    platform.define(TWO_ORDERS, BackfillSegment.EDITING);
    platform.backfill();

    assertThat(platform.members.size(BUYERS)).isEqualTo(1);
    assertThat(platform.causes("u0")).containsExactly(Cause.BACKFILL);
    assertThat(platform.causes("u1")).containsExactly(Cause.BACKFILL, Cause.EDIT);
  }

  @Test
  void anEventIsTheCauseOfWhatItBringsAboutEvenBeforeTheBackfillPasses() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(2);
    platform.now = NOON.plusSeconds(10);
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);

    platform.now = NOON.plusSeconds(20);
    platform.order("u0");
    platform.evaluate("u0");
    platform.order("u1");
    platform.backfill();

    assertThat(platform.causes("u0")).containsExactly(Cause.EVENT);
    assertThat(platform.causes("u1")).containsExactly(Cause.EVENT);
  }

  @Test
  void whoeverStoodSoBeforeIsNoNewsToJourneysWhoeverFindsItFirst() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(2);
    platform.now = NOON.plusSeconds(10);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);

    platform.now = NOON.plusSeconds(20);
    platform.order("u0");
    platform.evaluate("u0");
    platform.backfill();

    assertThat(platform.causes("u0")).containsExactly(Cause.BACKFILL);
    assertThat(platform.causes("u1")).containsExactly(Cause.BACKFILL);
  }

  @Test
  void whatBecomesTrueByTimeAloneIsNoticedByTheBackfillAndHasATimer() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.now = NOON.plus(Duration.ofDays(10));
    platform.define(
        "{\"event\":\"Order Completed\",\"lastBefore\":\"P14D\"}", BackfillSegment.BACKFILLING);

    platform.backfill();

    assertThat(platform.published).isEmpty();
    assertThat(platform.timers.all()).hasSize(1);
    assertThat(platform.person("u0").nextDue()).isNotNull();
  }

  @Test
  void aWorkerWithOldDefinitionsLeavesNothingStale() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    Segments old = LiveDefinitions.segments(platform.definitions);
    platform.define(TWO_ORDERS, BackfillSegment.EDITING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();

    platform.live =
        new LiveSegments() {
          @Override
          public Segments current() {
            return old;
          }

          @Override
          public Segments latest() {
            return LiveDefinitions.segments(platform.definitions);
          }
        };
    platform.evaluate("u0");

    assertThat(platform.members.size(BUYERS)).isZero();
    assertThat(platform.person("u0").memberships().get(BUYERS).member()).isFalse();
  }

  @Test
  void segmentsThatReferToItFollow() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);
    platform.definitions.put(
        Kind.SEGMENT,
        "others",
        (Fields) Json.read("{\"where\":{\"not\":{\"segment\":\"buyers\"}}}"),
        Definition.READY,
        NOON);
    platform.backfill();
    SegmentId others = new SegmentId("others");
    assertThat(platform.members.sizes(List.of(BUYERS, others)))
        .isEqualTo(Map.of(BUYERS, 0L, others, 1L));

    platform.define(ONE_ORDER, BackfillSegment.EDITING);
    platform.backfill();

    assertThat(platform.members.sizes(List.of(BUYERS, others)))
        .isEqualTo(Map.of(BUYERS, 1L, others, 0L));
  }
}
