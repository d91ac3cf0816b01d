package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The live segments, compiled once for many evaluations. */
public final class Segments {

  /** No segments. */
  public static final Segments NONE = of(Map.of());

  /** How many instants are tried for the next change of one segment. */
  static final int MAX_STEPS = 64;

  private final Map<SegmentId, Question> questions;

  private Segments(Map<SegmentId, Question> questions) {
    this.questions = Map.copyOf(questions);
  }

  /**
   * Compiles the conditions. A segment that refers to itself, on whatever way, is not known at the
   * place where it does so.
   */
  public static Segments of(Map<SegmentId, Condition> conditions) {
    Map<SegmentId, Question> questions = new HashMap<>();
    conditions.forEach(
        (id, condition) ->
            questions.put(id, compile(condition, conditions, new HashSet<>(Set.of(id)))));
    return new Segments(questions);
  }

  /** Where somebody of whom this is known stands at {@code now}. */
  public Evaluation evaluate(Facts facts, Instant now) {
    Map<SegmentId, Boolean> members = new HashMap<>();
    Instant nextChange = null;
    for (Map.Entry<SegmentId, Question> segment : questions.entrySet()) {
      Question question = segment.getValue();
      boolean member = question.holds(facts, now);
      members.put(segment.getKey(), member);
      Instant change = nextChange(question, facts, now, member);
      if (change != null && (nextChange == null || change.isBefore(nextChange))) {
        nextChange = change;
      }
    }
    return new Evaluation(members, nextChange);
  }

  private static @Nullable Instant nextChange(
      Question question, Facts facts, Instant now, boolean member) {
    Instant at = question.nextFlip(facts, now);
    for (int step = 1; at != null && step < MAX_STEPS; step++) {
      if (question.holds(facts, at) != member) {
        return at;
      }
      at = question.nextFlip(facts, at);
    }
    return at;
  }

  private static Question compile(
      Condition condition, Map<SegmentId, Condition> conditions, Set<SegmentId> within) {
    return switch (condition) {
      case Condition.All all ->
          new Question.All(
              all.parts().stream().map(part -> compile(part, conditions, within)).toList());
      case Condition.Any any ->
          new Question.Any(
              any.parts().stream().map(part -> compile(part, conditions, within)).toList());
      case Condition.Not not -> new Question.Not(compile(not.part(), conditions, within));
      case Condition.OfTrait trait -> new Question.OfTrait(trait.name(), trait.is());
      case Condition.OfEvents events ->
          new Question.OfEvents(
              CounterSpec.of(events.events(), events.property()).id(),
              events.within(),
              events.aggregate(),
              events.is());
      case Condition.LastBefore last ->
          new Question.LastBefore(CounterSpec.of(last.events(), null).id(), last.age());
      case Condition.FirstBefore first ->
          new Question.FirstBefore(CounterSpec.of(first.events(), null).id(), first.age());
      case Condition.Inactive inactive -> new Question.Inactive(inactive.age());
      case Condition.InSegment other -> {
        Condition meant = conditions.get(other.segment());
        if (meant == null || !within.add(other.segment())) {
          yield Question.Any.NEVER;
        }
        Question question = compile(meant, conditions, within);
        within.remove(other.segment());
        yield question;
      }
    };
  }
}
