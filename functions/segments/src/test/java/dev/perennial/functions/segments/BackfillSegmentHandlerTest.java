package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.ImportMembers;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.RfmCodec;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryBackfills;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryPopulation;
import dev.perennial.testkit.InMemoryScorings;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackfillSegmentHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Backfill BACKFILL = new Backfill(new SegmentId("big-spenders"), 1, false);

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryBackfills backfills = new InMemoryBackfills();
  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private final EvaluateProfile evaluateProfile =
      new EvaluateProfile(
          people,
          new InMemoryHistory(),
          new InMemoryTimers(),
          new InMemoryMembers(),
          _ -> {},
          new InMemoryConsents(),
          "test",
          () -> LiveDefinitions.segments(definitions),
          _ -> {});
  private final BackfillSegmentHandler handler =
      new BackfillSegmentHandler(
          new BackfillSegment(
              definitions,
              new InMemoryPopulation(people),
              backfills,
              evaluateProfile,
              _ -> {},
              () -> {},
              () -> NOW),
          new ImportMembers(definitions, people, evaluateProfile),
          new ScoreCustomers(
              definitions,
              new InMemoryPopulation(people),
              new InMemoryHistory(),
              new InMemoryScorings(),
              () -> LiveDefinitions.segments(definitions),
              new InMemoryTimers(),
              _ -> {},
              _ -> {},
              RfmCodec::write,
              () -> {},
              () -> NOW),
          new StartBackfills(definitions, _ -> {}, _ -> {}, () -> NOW),
          _ -> {},
          () -> NOW);

  @Test
  void worksOnTheShardThatTheMessageNames() {
    definitions.put(
        Kind.SEGMENT,
        "big-spenders",
        (Fields) Json.read("{\"where\":{\"inactive\":\"P1D\"}}"),
        BackfillSegment.BACKFILLING,
        NOW);

    SQSBatchResponse response =
        handler.handleRequest(
            Envelope.read(SQSEvent.class, "backfill-segment/shard.json"), new Invocation());

    assertThat(response.getBatchItemFailures()).isEmpty();
    assertThat(backfills.standings(BACKFILL))
        .singleElement()
        .satisfies(
            standing -> {
              assertThat(standing.shard()).isEqualTo(3);
              assertThat(standing.done()).isTrue();
            });
  }

  @Test
  void aMessageSaysWhatItIsAbout() {
    for (Backfill backfill : List.of(BACKFILL, new Backfill(BACKFILL.segment(), 2, true))) {
      assertThat(backfill.works())
          .hasSize(Backfill.SHARDS)
          .allSatisfy(
              work ->
                  assertThat(BackfillCodec.readMessage(BackfillCodec.writeMessage(work)))
                      .isEqualTo(work));
    }
    Backfill.Work alone = new Backfill.Work(BACKFILL, 3, new PersonId("a"));
    assertThat(BackfillCodec.readMessage(BackfillCodec.writeMessage(alone))).isEqualTo(alone);
  }

  @Test
  void aPartOfAListSaysSo() {
    Part part =
        new Part(
            BACKFILL.segment(),
            new Listed(true, 2, NOW, 5),
            List.of(new PersonId("a"), new PersonId("b")));
    String message = BackfillCodec.writeMessage(part);

    assertThat(BackfillCodec.isPart(message)).isTrue();
    assertThat(BackfillCodec.readPart(message)).isEqualTo(part);
    assertThat(BackfillCodec.isPart(BackfillCodec.writeMessage(BACKFILL.works().getFirst())))
        .isFalse();
  }

  @Test
  void aScoringSaysSo() {
    Scoring.Work work = Scoring.of(NOW).works().getFirst();
    String message = BackfillCodec.writeMessage(work);

    assertThat(BackfillCodec.isScoring(message)).isTrue();
    assertThat(BackfillCodec.isRulesChange(message)).isFalse();
    String change = BackfillCodec.writeMessage(new RulesChange(NOW, "arpu", "a"));
    assertThat(BackfillCodec.isRulesChange(change)).isTrue();
    assertThat(BackfillCodec.isScoring(change) || BackfillCodec.isPart(change)).isFalse();
    assertThat(BackfillCodec.readScoring(message)).isEqualTo(work);
    Backfill scored = new Backfill(BACKFILL.segment(), 1, false, 7);
    assertThat(BackfillCodec.readMessage(BackfillCodec.writeMessage(scored.works().getFirst())))
        .isEqualTo(scored.works().getFirst());
  }
}
