package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.Scoring.Work;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.RfmCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScoreCustomersTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final SegmentId BEST = new SegmentId("best");
  private static final SegmentId REST = new SegmentId("rest");

  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private final InMemoryHistory history = new InMemoryHistory();
  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryMembers members = new InMemoryMembers();
  private final InMemoryTimers timers = new InMemoryTimers();
  private final InMemoryScorings scorings = new InMemoryScorings();
  private final InMemoryBackfills standings = new InMemoryBackfills();
  private final Deque<Backfill.Work> backfills = new ArrayDeque<>();
  private Instant now = NOON;
  private boolean learned = true;

  private void order(String user, int total) {
    Event event =
        new Event(
            new Identifier(Namespace.USER_ID, user),
            List.of(),
            user + now,
            EventType.TRACK,
            "Order Completed",
            now,
            now,
            Trust.SERVER,
            new Fields(Map.of("total", Num.of(total))),
            Fields.EMPTY,
            Fields.EMPTY);
    new RecordEvents(
            people,
            history,
            () -> Catalog.EMPTY,
            new InMemoryTotals(),
            _ -> {},
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> now,
            _ -> {})
        .record(List.of(List.of(event)));
  }

  private void define(SegmentId id, String where) {
    Definition made =
        definitions.put(
            Kind.SEGMENT,
            id.value(),
            (Fields) Json.read("{\"where\":" + where + "}"),
            BackfillSegment.BACKFILLING,
            now);
    int cuts = where.contains("segment") ? 0 : BackfillSegment.cuts(definitions);
    backfills.addAll(new Backfill(id, made.version(), false, cuts).works());
    work();
  }

  private void score() {
    Scoring.of(now).works().forEach(this::score);
    work();
  }

  private void score(Work work) {
    new ScoreCustomers(
            definitions,
            new InMemoryPopulation(people),
            history,
            scorings,
            () -> learned ? LiveDefinitions.segments(definitions) : Segments.of(Map.of()),
            timers,
            works -> backfills.addAll(works),
            again -> again.forEach(this::score),
            RfmCodec::write,
            () -> learned = true,
            () -> now)
        .work(work, () -> true);
  }

  private void work() {
    EvaluateProfile evaluateProfile =
        new EvaluateProfile(
            people,
            history,
            timers,
            members,
            _ -> {},
            new InMemoryConsents(),
            "test",
            () -> LiveDefinitions.segments(definitions),
            _ -> {});
    while (!backfills.isEmpty()) {
      new BackfillSegment(
              definitions,
              new InMemoryPopulation(people),
              standings,
              evaluateProfile,
              _ -> {},
              () -> {},
              () -> now)
          .work(backfills.removeFirst(), () -> false);
    }
  }

  @Test
  void fifthsOfTheCustomersScoreFromOneToFive() {
    for (int i = 1; i <= 10; i++) {
      order("u" + i, 10 * i);
    }
    define(BEST, "{\"rfm\":{\"m\":{\"gte\":4}}}");
    define(REST, "{\"not\":{\"segment\":\"best\"}}");
    assertThat(members.size(BEST)).isZero();

    score();

    assertThat(
            RfmCodec.read(
                    definitions.find(Kind.SCORES, ScoreCustomers.CUTS).orElseThrow().document())
                .bounds(Dimension.M))
        .extracting(BigDecimal::intValueExact)
        .containsExactly(20, 40, 60, 80);
    assertThat(members.sizes(List.of(BEST, REST))).isEqualTo(Map.of(BEST, 4L, REST, 6L));
    assertThat(definitions.list(Kind.SEGMENT))
        .extracting(Definition::status)
        .containsOnly(Definition.READY);
  }

  @Test
  void whoHasNotHeardOfTheSegmentYetWaitsUntilThen() {
    order("ann", 10);
    define(BEST, "{\"rfm\":{\"m\":{\"gte\":4}}}");
    learned = false;

    score();

    assertThat(definitions.find(Kind.SCORES, ScoreCustomers.CUTS)).isPresent();
  }

  @Test
  void aNightThatIsScoredTwiceIsScoredOnce() {
    order("ann", 10);
    define(BEST, "{\"tier\":\"long-tail\"}");
    score();
    long version = definitions.catalogVersion();

    score();

    assertThat(definitions.find(Kind.SCORES, ScoreCustomers.CUTS).orElseThrow().version())
        .isEqualTo(1);
    assertThat(definitions.catalogVersion()).isLessThanOrEqualTo(version + 2);
    assertThat(members.size(BEST)).isEqualTo(1);
  }

  @Test
  void eachNightHasItsTimerWhileSomebodyAsks() {
    order("ann", 10);
    score();
    assertThat(timers.all()).isEmpty();

    define(BEST, "{\"tier\":\"strategic\"}");
    now = now.plus(Duration.ofDays(1));
    score();
    assertThat(timers.all())
        .contains(Scoring.of(now.plus(Duration.ofDays(1))).timer())
        .doesNotContain(Scoring.of(now).timer());

    definitions.delete(Kind.SEGMENT, BEST.value());
    now = now.plus(Duration.ofDays(1));
    score();
    assertThat(timers.all()).doesNotContain(Scoring.of(now.plus(Duration.ofDays(1))).timer());
  }

  @Test
  void aSegmentIsNotReadyByCutsThatWereOvertaken() {
    order("ann", 10);
    Definition made =
        definitions.put(
            Kind.SEGMENT,
            BEST.value(),
            (Fields) Json.read("{\"where\":{\"tier\":\"long-tail\"}}"),
            BackfillSegment.BACKFILLING,
            now);
    List<Backfill.Work> early =
        new Backfill(BEST, made.version(), false, BackfillSegment.cuts(definitions)).works();
    Scoring.of(now).works().forEach(this::score);

    List<Backfill.Work> late = List.copyOf(backfills);
    backfills.clear();
    backfills.addAll(early);
    work();
    assertThat(members.size(BEST)).isZero();
    assertThat(definitions.find(Kind.SEGMENT, BEST.value()).orElseThrow().status())
        .isEqualTo(BackfillSegment.BACKFILLING);

    backfills.addAll(late);
    work();
    assertThat(members.size(BEST)).isEqualTo(1);
    assertThat(definitions.find(Kind.SEGMENT, BEST.value()).orElseThrow().status())
        .isEqualTo(Definition.READY);
  }
}
