package dev.perennial.functions.segments;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.definition.Definitions.Next;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.json.LiveDefinitions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Has everybody evaluated by segments and tags that changed. */
final class StartBackfills {

  private final Definitions definitions;
  private final Publisher<Work> works;
  private final Publisher<Scoring.Work> scorings;
  private final InstantSource clock;

  StartBackfills(
      Definitions definitions,
      Publisher<Work> works,
      Publisher<Scoring.Work> scorings,
      InstantSource clock) {
    this.definitions = definitions;
    this.works = works;
    this.scorings = scorings;
    this.clock = clock;
  }

  /** Starts what is not done. Also again: whoever defined the segment may have crashed before. */
  void start(Definition segment) {
    if (BackfillSegment.isPending(segment)) {
      works.publish(of(definitions, segment).works());
      if (Segments.asksForScores(LiveDefinitions.condition(segment))) {
        scorings.publish(Scoring.of(clock.instant()).works());
      }
    }
  }

  /** Lets everybody go. */
  void end(Definition deleted) {
    works.publish(new Backfill(new SegmentId(deleted.id()), deleted.version(), true).works());
  }

  /**
   * Starts what follows from a change of rules: a new version of each segment that asks for what
   * changed, unless it has one since. Returns what is left when time is short.
   *
   * @param timeIsShort asked after each segment
   */
  Optional<RulesChange> startAll(RulesChange change, BooleanSupplier timeIsShort) {
    Map<SegmentId, Condition> conditions = LiveDefinitions.conditions(definitions);
    for (Definition segment : definitions.list(Kind.SEGMENT)) {
      if (change.after() != null && segment.id().compareTo(change.after()) <= 0) {
        continue;
      }
      if (change.concerns(
          conditions.getOrDefault(
              new SegmentId(segment.id()), LiveDefinitions.condition(segment)))) {
        anew(segment.id(), change.at()).ifPresent(this::start);
        if (timeIsShort.getAsBoolean()) {
          return Optional.of(change.after(segment.id()));
        }
      }
    }
    return Optional.empty();
  }

  /** The newest version, made after the rules changed; empty when the segment was deleted. */
  private Optional<Definition> anew(String id, Instant changed) {
    Instant now = clock.instant();
    Instant at = now.isAfter(changed) ? now : changed.plusMillis(1);
    return definitions.put(
        Kind.SEGMENT,
        id,
        newest ->
            newest
                .filter(known -> !known.at().isAfter(changed))
                .map(
                    known ->
                        new Next(known.document(), BackfillSegment.statusOnceEdited(known), at)));
  }

  /** The evaluation of everybody by the segment as it is. */
  static Backfill of(Definitions definitions, Definition segment) {
    boolean scores = Segments.asksForScores(LiveDefinitions.condition(segment));
    int cuts = scores ? BackfillSegment.cuts(definitions) : 0;
    return new Backfill(new SegmentId(segment.id()), segment.version(), false, cuts);
  }
}
