package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The live segments, compiled once for many evaluations. */
public final class Segments {

  /** How many instants are tried for the next change of one segment. */
  static final int MAX_STEPS = 64;

  private final Map<SegmentId, Segment> segments;
  private final @Nullable Rfm rfm;
  private final SegmentPlan plan;

  /** By number; null until first asked. */
  private final @Nullable Question[] asked;

  private final SegmentCompiler compiler;
  private final Counters counters;
  private final Map<SegmentId, Set<SegmentId>> dependents = new ConcurrentHashMap<>();

  private Segments(
      Map<SegmentId, Segment> segments, SegmentPlan plan, @Nullable Rfm rfm, List<String> larger) {
    this.segments = segments;
    this.rfm = rfm;
    this.plan = plan;
    this.asked = new Question[plan.size()];
    this.compiler = new SegmentCompiler(segments, rfm);
    this.counters = Counters.of(new Planned(segments, plan), larger);
  }

  /** What must be counted for these questions. */
  public Counters counters() {
    return counters;
  }

  /** Compiles segments of these conditions, none of which changed lately. */
  public static Segments of(Map<SegmentId, Condition> conditions) {
    return of(
        conditions.entrySet().stream()
            .map(segment -> new Segment(segment.getKey(), segment.getValue(), null))
            .toList(),
        null);
  }

  /** As below, where nobody knows what was counted before. */
  public static Segments of(Collection<Segment> live, @Nullable Rfm rfm) {
    return of(live, rfm, Counters.NONE);
  }

  /**
   * Compiles the segments, each once. A segment that refers to itself, on whatever way, is not
   * known at the place where it does so, seen from the first by id of those on the way.
   *
   * @param rfm by which customers are scored; null when nobody is
   * @param former what was counted before; {@link Counters#NONE} when that is not known
   */
  public static Segments of(Collection<Segment> live, @Nullable Rfm rfm, Counters former) {
    SortedMap<SegmentId, Segment> segments = new TreeMap<>();
    live.forEach(segment -> segments.put(segment.id(), segment));
    SegmentPlan plan = SegmentPlan.of(segments);
    Segments all = new Segments(segments, plan, rfm, former.largerThan(plan.counters()));
    for (int number = 0; number < all.asked.length; number++) {
      all.question(number);
    }
    return all;
  }

  /**
   * Segments that were planned before, each compiled when somebody may first be in it.
   *
   * @param reader of the segment of that number
   * @param rfm by which customers are scored; null when nobody is
   * @param larger {@link Counters#larger}
   */
  public static Segments of(
      SegmentPlan plan, IntFunction<Segment> reader, @Nullable Rfm rfm, List<String> larger) {
    return new Segments(new UnreadSegments(plan, reader), plan, rfm, larger);
  }

  /**
   * What is worked out of all of them; empty when some refer to themselves, for then the order in
   * which they are compiled matters.
   */
  public Optional<SegmentPlan> plan() {
    for (Segment segment : segments.values()) {
      for (SegmentId named : References.of(segment.where())) {
        if (reach(named).contains(segment.id())) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(plan);
  }

  private Question question(int number) {
    Question known = asked[number];
    if (known == null) {
      SegmentId id = plan.id(number);
      synchronized (compiler) {
        known = compiler.segment(id);
      }
      // Only what others ask too is worth remembering.
      if (known instanceof Question.OfSegment alone && !plan.isNamed(number)) {
        known = alone.question();
      }
      asked[number] = known;
    }
    return known;
  }

  private Question question(SegmentId id) {
    int number = plan.number(id);
    return number < 0 ? Question.Any.NEVER : question(number);
  }

  private record Planned(Map<SegmentId, Segment> segments, SegmentPlan plan)
      implements Counters.Source {
    @Override
    public Set<CounterId> ids() {
      return plan.counters();
    }

    @Override
    public List<Condition> counting(String event) {
      return plan.counting(event).stream()
          .mapToObj(plan::id)
          .map(segments::get)
          .filter(Objects::nonNull)
          .map(Segment::where)
          .toList();
    }
  }

  /** Whether some segment asks what a person decided about messages or what is blocked. */
  boolean readConsent() {
    return plan.readConsent();
  }

  /** The segments that ask for scores, themselves or by what they refer to. */
  List<SegmentId> readingScores() {
    Set<SegmentId> reading = new TreeSet<>();
    for (Segment segment : segments.values()) {
      if (asksForScores(segment.where())) {
        reading.addAll(dependents(segment.id()));
      }
    }
    return List.copyOf(reading);
  }

  /** Whether the condition itself asks for scores. */
  public static boolean asksForScores(Condition condition) {
    boolean[] asks = {false};
    Condition.forEachLeaf(
        condition,
        leaf -> asks[0] |= leaf instanceof Condition.InTier || leaf instanceof Condition.OfRfm);
    return asks[0];
  }

  /** Whether these are the same segments, in the same state. */
  boolean isSame(Segments other) {
    return this == other || (segments.equals(other.segments) && Objects.equals(rfm, other.rfm));
  }

  boolean has(SegmentId id) {
    return segments.containsKey(id);
  }

  /** The {@linkplain Segment#first version} that the segment began with; 1 when there is none. */
  int first(SegmentId id) {
    Segment segment = segments.get(id);
    return segment == null ? 1 : segment.first();
  }

  /** The segment, if it lives, and all that refer to it, directly or not. */
  Set<SegmentId> dependents(SegmentId id) {
    return dependents.computeIfAbsent(
        id,
        _ ->
            segments.keySet().stream()
                .filter(other -> reach(other).contains(id))
                .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * The latest change, of the segment or of those that it refers to, that not everybody was
   * evaluated by yet; null when there is none.
   */
  Segment.@Nullable Change change(SegmentId id) {
    return reach(id).stream()
        .map(segments::get)
        .filter(Objects::nonNull)
        .map(Segment::change)
        .filter(Objects::nonNull)
        .max(Comparator.comparing(Segment.Change::at))
        .orElse(null);
  }

  /** The segment and all that it refers to, directly or not. */
  private Set<SegmentId> reach(SegmentId id) {
    Set<SegmentId> reached = new LinkedHashSet<>();
    Deque<SegmentId> open = new ArrayDeque<>(List.of(id));
    while (!open.isEmpty()) {
      SegmentId next = open.pop();
      Segment segment = segments.get(next);
      if (reached.add(next) && segment != null) {
        open.addAll(References.of(segment.where()));
      }
    }
    return reached;
  }

  /** The ids of all segments. */
  Set<SegmentId> ids() {
    return segments.keySet();
  }

  /** The segments that somebody of whom this is known meets at {@code now}. */
  public List<SegmentId> members(Facts facts, Instant now) {
    List<SegmentId> members = new ArrayList<>();
    Moment moment = new Moment(facts, now);
    BitSet candidates = plan.candidates(facts);
    for (int number = candidates.nextSetBit(0);
        number >= 0;
        number = candidates.nextSetBit(number + 1)) {
      if (question(number).holds(moment)) {
        members.add(plan.id(number));
      }
    }
    return members;
  }

  /** Where somebody of whom this is known stands at {@code now}. */
  public Evaluation evaluate(Facts facts, Instant now) {
    Evaluating evaluating = new Evaluating(facts, now);
    BitSet candidates = plan.candidates(facts);
    for (int number = candidates.nextSetBit(0);
        number >= 0;
        number = candidates.nextSetBit(number + 1)) {
      evaluating.add(plan.id(number), question(number));
    }
    return evaluating.result();
  }

  /** Where somebody of whom this is known stands with some of the segments at {@code now}. */
  Evaluation evaluate(Facts facts, Instant now, Set<SegmentId> some) {
    Evaluating evaluating = new Evaluating(facts, now);
    for (SegmentId segment : some) {
      evaluating.add(segment, question(segment));
    }
    return evaluating.result();
  }

  private static final class Evaluating {
    private final Instant now;
    private final Moments moments;
    private final Set<SegmentId> members = new HashSet<>();
    private @Nullable Instant nextChange;

    Evaluating(Facts facts, Instant now) {
      this.now = now;
      this.moments = new Moments(facts);
    }

    void add(SegmentId segment, Question question) {
      boolean member = question.holds(moments.at(now));
      if (member) {
        members.add(segment);
      }
      Instant change = nextChange(question, moments, now, member);
      if (change != null && (nextChange == null || change.isBefore(nextChange))) {
        nextChange = change;
      }
    }

    Evaluation result() {
      return new Evaluation(members, nextChange);
    }
  }

  /** Why somebody of whom this is known is in the segment at {@code now}, or is not. */
  public Explanation explain(SegmentId id, Facts facts, Instant now) {
    SegmentCompiler compiler = new SegmentCompiler(segments, rfm);
    return new ExplainCondition(compiler::compile, segments::get, new Moment(facts, now))
        .explain(new Condition.InSegment(id));
  }

  /** Whether somebody of whom this is known meets the segment at that instant. */
  boolean holds(SegmentId segment, Facts facts, Instant at) {
    return question(segment).holds(new Moment(facts, at));
  }

  /** Whether somebody meets the condition at that moment. */
  boolean holds(Condition condition, Moment moment) {
    return new SegmentCompiler(segments, rfm).compile(condition).holds(moment);
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
}
