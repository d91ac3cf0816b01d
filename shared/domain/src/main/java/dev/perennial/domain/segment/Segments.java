package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The live segments, compiled once for many evaluations. */
public final class Segments {

  /** No segments. */
  public static final Segments NONE = of(Map.of());

  /** How many instants are tried for the next change of one segment. */
  static final int MAX_STEPS = 64;

  private final Map<SegmentId, Question> questions;
  private final Counters counters;

  private Segments(Map<SegmentId, Question> questions, Counters counters) {
    this.questions = Map.copyOf(questions);
    this.counters = counters;
  }

  /** What must be counted for these questions. */
  public CounterSet counters() {
    return counters;
  }

  /**
   * Compiles the conditions, each once. A segment that refers to itself, on whatever way, is not
   * known at the place where it does so, seen from the first by id of those on the way.
   */
  public static Segments of(Map<SegmentId, Condition> conditions) {
    Compiler compiler = new Compiler(conditions);
    Map<SegmentId, Question> questions = new HashMap<>();
    for (SegmentId id : new TreeSet<>(conditions.keySet())) {
      questions.put(id, compiler.segment(id));
    }
    return new Segments(questions, Counters.of(conditions.values()));
  }

  /** Where somebody of whom this is known stands at {@code now}. */
  public Evaluation evaluate(Facts facts, Instant now) {
    Moments moments = new Moments(facts);
    Map<SegmentId, Boolean> members = new HashMap<>();
    Instant nextChange = null;
    for (Map.Entry<SegmentId, Question> segment : questions.entrySet()) {
      Question question = segment.getValue();
      boolean member = question.holds(moments.at(now));
      members.put(segment.getKey(), member);
      Instant change = nextChange(question, moments, now, member);
      if (change != null && (nextChange == null || change.isBefore(nextChange))) {
        nextChange = change;
      }
    }
    return new Evaluation(members, nextChange);
  }

  private static @Nullable Instant nextChange(
      Question question, Moments moments, Instant now, boolean member) {
    Instant at = question.nextFlip(moments.at(now));
    for (int step = 1; at != null && step < MAX_STEPS; step++) {
      if (question.holds(moments.at(at)) != member) {
        return at;
      }
      at = question.nextFlip(moments.at(at));
    }
    return at;
  }

  /** The moments that one evaluation looks at. */
  private static final class Moments {
    private final Facts facts;
    private final Map<Instant, Moment> moments = new HashMap<>();

    Moments(Facts facts) {
      this.facts = facts;
    }

    Moment at(Instant now) {
      return moments.computeIfAbsent(now, _ -> new Moment(facts, now));
    }
  }

  private static final class Compiler {
    private final Map<SegmentId, Condition> conditions;
    private final Map<SegmentId, Question> compiled = new HashMap<>();
    private final Set<SegmentId> within = new HashSet<>();

    Compiler(Map<SegmentId, Condition> conditions) {
      this.conditions = conditions;
    }

    Question segment(SegmentId id) {
      Question known = compiled.get(id);
      if (known != null) {
        return known;
      }
      Condition condition = conditions.get(id);
      if (condition == null || !within.add(id)) {
        return Question.Any.NEVER;
      }
      Question question = new Question.OfSegment(id, compile(condition));
      within.remove(id);
      compiled.put(id, question);
      return question;
    }

    private Question compile(Condition condition) {
      return switch (condition) {
        case Condition.All all -> new Question.All(compile(all.parts()));
        case Condition.Any any -> new Question.Any(compile(any.parts()));
        case Condition.Not not -> new Question.Not(compile(not.part()));
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
        case Condition.InSegment other -> segment(other.segment());
      };
    }

    private List<Question> compile(List<Condition> parts) {
      return parts.stream().map(this::compile).toList();
    }
  }
}
