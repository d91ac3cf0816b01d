package dev.perennial.testkit;

import static dev.perennial.testkit.BackfillPlatform.NOON;
import static dev.perennial.testkit.BackfillPlatform.ONE_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Contended;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.LiveSegments;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class BackfillFailuresTest {

  @Test
  void nobodyWaitsForSomebodyWhoAlwaysFails() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.poison.add(platform.person("u7").id());

    platform.backfill();

    assertThat(platform.status()).isEqualTo(Definition.READY);
    assertThat(new HashSet<>(platform.published)).hasSize(39);
    assertThat(platform.dead).extracting(Work::alone).containsExactly(platform.person("u7").id());
  }

  @Test
  void whoFailedOnceEntersSilentlyThoughTheOthersWentOn() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.poison.add(platform.person("u7").id());
    while (platform.queue.stream().noneMatch(work -> work.alone() != null)) {
      platform.work(platform.queue.removeFirst());
    }
    platform.poison.clear();

    platform.backfill();

    assertThat(platform.status()).isEqualTo(Definition.READY);
    assertThat(new HashSet<>(platform.published)).hasSize(40);
    assertThat(platform.causes("u7")).isSubsetOf(Cause.BACKFILL, Cause.EDIT).hasSize(1);
    assertThat(platform.dead).isEmpty();
  }

  @Test
  void aShardWaitsForWhoeverOthersKeepWriting() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(40);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    List<Work> works = List.copyOf(platform.queue);
    platform.hot.add(platform.person("u7").id());

    assertThatThrownBy(platform::backfill).isInstanceOf(Contended.class);
    assertThat(platform.status()).isEqualTo(BackfillSegment.BACKFILLING);

    platform.hot.clear();
    platform.queue.addAll(works);
    platform.backfill();
    assertThat(platform.status()).isEqualTo(Definition.READY);
    assertThat(platform.causes("u7")).containsExactly(Cause.BACKFILL);
  }

  @Test
  void whatHappensWhileAStretchIsEvaluatedCounts() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.define(
        "{\"event\":\"Order Completed\",\"count\":{\"lt\":2}}", BackfillSegment.BACKFILLING);
    LiveSegments live = platform.live;
    AtomicBoolean ordered = new AtomicBoolean();
    platform.live =
        () -> {
          if (ordered.compareAndSet(false, true)) {
            platform.now = NOON.plusSeconds(2);
            platform.live = live;
            platform.order("u0");
          }
          return live.current();
        };

    platform.backfill();

    assertThat(platform.published).isEmpty();
  }

  @Test
  void whereEverybodyFailsItIsNotBecauseOfWhoTheyAre() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(400);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.people.all().forEach(person -> platform.poison.add(person.id()));

    assertThatThrownBy(platform::backfill).isInstanceOf(IllegalStateException.class);

    assertThat(platform.queue).allMatch(work -> work.alone() == null);
  }
}
