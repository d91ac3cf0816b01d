package dev.perennial.domain.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.timer.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What counters and lazy timers say is what the raw history says: conditions are answered alike at
 * every instant, and the announced next change is the first.
 */
final class SegmentsLawIT {

  /** With three segments each: 5,000 pairs of a condition and a history. */
  private static final int CASES = 1_667 * Integer.getInteger("laws.scale", 1);

  /**
   * How far ahead what comes every year is told exactly: some conditions of it that never hold
   * together cost a timer each so many years.
   */
  private static final Duration AHEAD = Duration.ofDays(5 * 365);

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countersAnswerAsTheHistoryDoes(long seed) {
    SegmentsCase generated = new SegmentsCase(new Random(seed));
    List<Instant> instants = generated.instants();

    for (Instant now : instants) {
      Evaluation evaluation = generated.segments.evaluate(generated.facts(), now);

      for (SegmentId id : SegmentsCase.IDS) {
        assertThat(evaluation.members().contains(id))
            .as("%s at %s: %s", id, now, generated.conditions.get(id))
            .isEqualTo(generated.answer(id, now));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingChangesBeforeTheNextChange(long seed) {
    SegmentsCase generated = new SegmentsCase(new Random(seed));
    List<Instant> instants = generated.instants();
    Instant now = instants.get(new Random(seed).nextInt(instants.size()));

    Evaluation evaluation = generated.segments.evaluate(generated.facts(), now);

    Instant first =
        instants.stream()
            .filter(later -> later.isAfter(now))
            .filter(
                later ->
                    SegmentsCase.IDS.stream()
                        .anyMatch(id -> generated.answer(id, later) != generated.answer(id, now)))
            .findFirst()
            .orElse(null);
    Instant next = evaluation.nextChange();
    if (next != null && (next.isAfter(instants.getLast()) || next.isAfter(now.plus(AHEAD)))) {
      assertThat(next)
          .as(generated.conditions.toString())
          .isBeforeOrEqualTo(first == null ? Instant.MAX : first);
    } else {
      assertThat(next).as(generated.conditions.toString()).isEqualTo(first);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoFollowsEventsAndTimersKnowsEveryChange(long seed) {
    SegmentsCase generated = new SegmentsCase(new Random(seed));
    List<Event> events = generated.inOrder();
    List<Instant> instants = generated.instants();
    Facet facet = Facet.empty(events.getFirst().owner());
    Instant registered = null;
    int applied = 0;
    int early = 0;
    Set<SegmentId> before = Set.of();
    while (applied < events.size() || registered != null) {
      Instant event = applied < events.size() ? events.get(applied).timestamp() : Instant.MAX;
      boolean fires = registered != null && registered.isBefore(event);
      Instant now = fires ? registered : event;
      if (!fires) {
        facet = facet.plus(List.of(events.get(applied++)), generated.segments.counters());
      }
      Facts facts = generated.knowing(events.subList(0, applied), facet);

      Evaluation evaluation = generated.segments.evaluate(facts, now);

      for (SegmentId id : SegmentsCase.IDS) {
        assertThat(evaluation.members().contains(id))
            .as("%s at %s: %s", id, now, generated.conditions.get(id))
            .isEqualTo(generated.answer(id, now));
      }
      early = fires && evaluation.members().equals(before) ? early + 1 : 0;
      assertThat(early).as(generated.conditions.toString()).isLessThan(2);
      before = evaluation.members();
      Instant needed =
          evaluation.nextChange() == null ? null : Due.wholeMinute(evaluation.nextChange());
      if (registered == null
          || !registered.isAfter(now)
          || (needed != null && needed.isBefore(registered))) {
        registered = needed != null && needed.isBefore(SegmentsCase.END) ? needed : null;
      }

      Instant next = registered == null ? SegmentsCase.END : registered;
      Instant end =
          applied < events.size() && events.get(applied).timestamp().isBefore(next)
              ? events.get(applied).timestamp()
              : next;
      for (Instant instant : instants) {
        if (instant.isAfter(now)
            && Due.wholeMinute(instant).isBefore(next)
            && instant.isBefore(end)) {
          for (SegmentId id : SegmentsCase.IDS) {
            assertThat(evaluation.members().contains(id))
                .as("%s at %s, seen at %s: %s", id, instant, now, generated.conditions.get(id))
                .isEqualTo(generated.answer(id, instant));
          }
        }
      }
    }
  }
}
