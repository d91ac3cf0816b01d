package dev.perennial.testkit;

import static dev.perennial.testkit.BackfillPlatform.BUYERS;
import static dev.perennial.testkit.BackfillPlatform.NEVER;
import static dev.perennial.testkit.BackfillPlatform.OFTEN;
import static dev.perennial.testkit.BackfillPlatform.ONE_ORDER;
import static dev.perennial.testkit.BackfillPlatform.TWO_ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.json.LiveDefinitions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeletedSegmentTest {

  @Test
  void nobodyStaysInASegmentThatIsDeletedAndMadeAnew() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(2);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();

    platform.delete();
    platform.define(TWO_ORDERS, BackfillSegment.BACKFILLING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();

    platform.define(ONE_ORDER, BackfillSegment.EDITING);
    platform.backfill();
    platform.delete();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
    assertThat(platform.people.all())
        .allSatisfy(person -> assertThat(person.memberships().get(BUYERS).member()).isFalse());
  }

  @Test
  void deletingASegmentReadsNoHistory() {
    BackfillPlatform platform = new BackfillPlatform();
    platform.live = platform::compact;
    int reads = readsOfDeletion(platform);
    int otherwise = readsOfDeletion(new BackfillPlatform());

    System.out.printf(
        "A segment is deleted and 20 people evaluated: %d pages of history read, %d where nobody"
            + " knows what was counted before%n",
        reads, otherwise);
    assertThat(reads).isZero();
    assertThat(otherwise).isGreaterThanOrEqualTo(20);

    platform.order("u0");
    platform.evaluate("u0");
    assertThat(platform.person("u0").facets().values().iterator().next().counterSet())
        .isEqualTo(platform.compact().counters().id());
    // What is counted anew is read, and what was counted all the while is not lost.
    platform.define(
        NEVER,
        "{\"event\":\"Order Completed\",\"where\":{\"coupon\":{\"exists\":false}},"
            + "\"count\":{\"gte\":13}}");
    platform.evaluate("u0");
    platform.evaluate("u1");
    assertThat(platform.reads).hasPositiveValue();
    assertThat(platform.members.sizes(List.of(OFTEN, NEVER)))
        .isEqualTo(Map.of(OFTEN, 20L, NEVER, 1L));
  }

  /** How many pages are read when a segment goes that counted nothing of anybody. */
  private static int readsOfDeletion(BackfillPlatform platform) {
    platform.define(OFTEN, "{\"event\":\"Order Completed\",\"within\":\"P30D\"}");
    platform.define(NEVER, "{\"event\":\"Never Done\"}");
    platform.define("{\"event\":\"Not Done Either\"}", Definition.READY);
    platform.queue.clear();
    for (int i = 0; i < 20 * 12; i++) {
      platform.order("u" + i % 20);
    }
    IntStream.range(0, 20).forEach(i -> platform.evaluate("u" + i));
    assertThat(platform.members.size(OFTEN)).isEqualTo(20);
    platform.reads.set(0);

    platform.delete();
    platform.backfill();
    IntStream.range(0, 20).forEach(i -> platform.evaluate("u" + i));
    return platform.reads.get();
  }

  @Test
  void aSegmentThatIsNoMoreIsForgottenWithTheNextChangeAndItsNumbersNeverRestart() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    SegmentId others = new SegmentId("others");

    platform.delete();
    assertThat(shown(platform)).isEmpty();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
    platform.now = platform.now.plusSeconds(61);
    Person before = platform.person("u0");
    platform.evaluate("u0");
    assertThat(platform.person("u0")).isEqualTo(before);
    platform.define(others, ONE_ORDER);
    platform.evaluate("u0");
    assertThat(platform.person("u0").memberships()).containsOnlyKeys(others);
    assertThat(shown(platform)).containsExactly(others);

    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isEqualTo(1);
    Membership anew = platform.person("u0").memberships().get(BUYERS);
    assertThat(anew.member()).isTrue();
    assertThat(anew.number()).isGreaterThan(2);
    platform.delete();
    platform.backfill();
    assertThat(platform.members.size(BUYERS)).isZero();
  }

  @Test
  void whatWasNotToldYetIsNotForgotten() {
    BackfillPlatform platform = BackfillPlatform.withBuyers(1);
    platform.define(ONE_ORDER, BackfillSegment.BACKFILLING);
    platform.backfill();
    platform.delete();
    platform.poison.add(platform.person("u0").id());
    platform.backfill();
    platform.now = platform.now.plusSeconds(61);
    platform.define(OFTEN, ONE_ORDER);
    assertThatThrownBy(() -> platform.evaluate("u0")).isInstanceOf(IllegalStateException.class);
    assertThat(platform.person("u0").memberships()).containsOnlyKeys(BUYERS, OFTEN);

    platform.poison.clear();
    platform.evaluate("u0");
    platform.define(NEVER, ONE_ORDER);
    platform.evaluate("u0");

    assertThat(platform.person("u0").memberships()).containsOnlyKeys(OFTEN, NEVER);
    assertThat(platform.causes("u0"))
        .containsExactly(Cause.BACKFILL, Cause.EDIT, Cause.EVENT, Cause.EVENT);
  }

  private static Set<SegmentId> shown(BackfillPlatform platform) {
    return Profile.of(
            platform.person("u0"),
            Allowed.NOTHING,
            LiveDefinitions.portraits(platform.definitions),
            "test",
            platform.now)
        .segments()
        .keySet();
  }
}
