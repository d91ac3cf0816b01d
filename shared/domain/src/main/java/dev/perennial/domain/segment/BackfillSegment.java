package dev.perennial.domain.segment;

import dev.perennial.domain.Contended;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Population;
import dev.perennial.domain.profile.Population.Stretch;
import dev.perennial.domain.segment.Backfill.Standing;
import dev.perennial.domain.segment.Backfill.Work;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Evaluates everybody by a segment that is new, edited or gone, a stretch of people at a time,
 * while events go on. Whoever is at work on a shard goes on where it stands and remembers after
 * each stretch how far that is, so a message that comes twice or a crash costs a stretch at most. A
 * backfill that a later change of the segment overtook ends by itself.
 */
public final class BackfillSegment {

  /** Status of a segment that was made and has not met everybody yet. */
  public static final String BACKFILLING = "backfilling";

  /** Status of a segment that was edited and has not met everybody as it is now. */
  public static final String EDITING = "editing";

  /** How many items are looked at in one step. */
  private static final int STRETCH = 200;

  private static final Duration KEPT = Duration.ofDays(7);

  /** When more of a stretch fail, it is not because of who they are. */
  private static final int MOST_LEFT = 10;

  private final Definitions definitions;
  private final Population population;
  private final Backfills backfills;
  private final EvaluateProfile evaluateProfile;
  private final Publisher<Work> again;
  private final Runnable settle;
  private final InstantSource clock;

  /**
   * @param again told of what is left of a shard, and of whoever cannot be evaluated, to be tried
   *     alone and given up visibly
   * @param settle returns when nobody works with definitions that are older than the call any more
   */
  public BackfillSegment(
      Definitions definitions,
      Population population,
      Backfills backfills,
      EvaluateProfile evaluateProfile,
      Publisher<Work> again,
      Runnable settle,
      InstantSource clock) {
    this.definitions = definitions;
    this.population = population;
    this.backfills = backfills;
    this.evaluateProfile = evaluateProfile;
    this.again = again;
    this.settle = settle;
    this.clock = clock;
  }

  /**
   * Works on the shard until it is done or time is short; then what is left is told anew.
   *
   * @param timeIsShort asked after each step
   */
  public void work(Work work, BooleanSupplier timeIsShort) {
    Backfill backfill = work.backfill();
    if (work.alone() != null) {
      if (isNewest(backfill, _ -> true)) {
        evaluateProfile.backfill(work.alone(), backfill.segment(), clock);
      }
      return;
    }
    Standing standing =
        backfills.standings(backfill).stream()
            .filter(stored -> stored.shard() == work.shard())
            .findFirst()
            .orElseGet(() -> Standing.start(work.shard()));
    if (standing.steps() == 0) {
      settle.run();
    }
    while (!standing.done()) {
      if (!isCurrent(backfill)) {
        return;
      }
      Stretch stretch = population.walk(work.shard(), Backfill.SHARDS, STRETCH, standing.cursor());
      evaluate(stretch.people(), work);
      standing = standing.after(stretch.people().size(), stretch.cursor());
      if (!backfills.save(backfill, standing, clock.instant().plus(KEPT))) {
        return;
      }
      if (!standing.done() && timeIsShort.getAsBoolean()) {
        again.publish(List.of(work));
        return;
      }
    }
    finish(backfill);
  }

  /** Nobody waits for somebody who always fails; for whoever others keep writing the shard does. */
  private void evaluate(Collection<Person> people, Work work) {
    SegmentId segment = work.backfill().segment();
    try {
      evaluateProfile.backfill(people, segment, clock);
    } catch (RuntimeException _) {
      List<Work> failed = new ArrayList<>();
      Contended contended = null;
      for (Person person : people) {
        try {
          evaluateProfile.backfill(person.id(), segment, clock);
        } catch (Contended others) {
          contended = others;
        } catch (RuntimeException alone) {
          failed.add(new Work(work.backfill(), work.shard(), person.id()));
          if (failed.size() > MOST_LEFT) {
            throw alone;
          }
        }
      }
      if (contended != null) {
        throw contended;
      }
      again.publish(failed);
    }
  }

  /** Also when the shard was done before: whoever did it may have crashed before this. */
  private void finish(Backfill backfill) {
    long done = backfills.standings(backfill).stream().filter(Standing::done).count();
    if (done == Backfill.SHARDS && !backfill.deletion() && isByNewestCuts(backfill)) {
      String id = backfill.segment().value();
      for (String before : List.of(BACKFILLING, EDITING)) {
        definitions.launch(Kind.SEGMENT, id, backfill.version(), before, Definition.READY);
      }
    }
  }

  private boolean isCurrent(Backfill backfill) {
    return isNewest(backfill, BackfillSegment::isPending);
  }

  private boolean isNewest(Backfill backfill, Predicate<Definition> also) {
    return definitions
        .find(Kind.SEGMENT, backfill.segment().value())
        .map(
            newest ->
                !backfill.deletion()
                    && isByNewestCuts(backfill)
                    && newest.version() == backfill.version()
                    && also.test(newest))
        .orElse(backfill.deletion());
  }

  private boolean isByNewestCuts(Backfill backfill) {
    return backfill.cuts() == 0 || backfill.cuts() == cuts(definitions);
  }

  /** The {@link Backfill#cuts} of a segment that scores. */
  public static int cuts(Definitions definitions) {
    return 1
        + definitions.find(Kind.SCORES, ScoreCustomers.CUTS).map(Definition::version).orElse(0);
  }

  /** Status of the segment when it comes to mean something else. */
  public static String statusOnceEdited(Definition segment) {
    return segment.status().equals(BACKFILLING) ? BACKFILLING : EDITING;
  }

  /** Whether not everybody was evaluated by the segment as it is now. */
  public static boolean isPending(Definition segment) {
    return segment.status().equals(BACKFILLING) || segment.status().equals(EDITING);
  }
}
