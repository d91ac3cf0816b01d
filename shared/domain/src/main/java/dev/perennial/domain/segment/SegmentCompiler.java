package dev.perennial.domain.segment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes questions of conditions, of each segment one. */
final class SegmentCompiler {
  private final Map<SegmentId, Segment> segments;
  private final @Nullable Rfm rfm;
  private final Map<SegmentId, Question> compiled = new HashMap<>();
  private final Set<SegmentId> within = new HashSet<>();

  SegmentCompiler(Map<SegmentId, Segment> segments, @Nullable Rfm rfm) {
    this.segments = segments;
    this.rfm = rfm;
  }

  Question segment(SegmentId id) {
    Question known = compiled.get(id);
    if (known != null) {
      return known;
    }
    Segment segment = segments.get(id);
    if (segment == null || !within.add(id)) {
      return Question.Any.NEVER;
    }
    try {
      Question question =
          segment.where() instanceof Condition.Imported
              ? new Question.Imported(id, segment.first())
              : new Question.OfSegment(id, compile(segment.where()));
      compiled.put(id, question);
      return question;
    } finally {
      within.remove(id);
    }
  }

  Question compile(Condition condition) {
    return switch (condition) {
      case Condition.All all -> new Question.All(compile(all.parts()));
      case Condition.Any any -> new Question.Any(compile(any.parts()));
      case Condition.Not not -> new Question.Not(compile(not.part()));
      case Condition.OfTrait trait -> new Question.OfTrait(trait.name(), trait.is());
      case Condition.OfTag tag -> new Question.OfTag(tag.name(), tag.is(), compile(tag.given()));
      case Condition.OfComputed of -> new OfComputed(of.formula(), of.is());
      case Condition.InStage in -> compile(in.meaning());
      case Condition.OfEvents events ->
          new Question.OfEvents(
              CounterSpec.of(events).id(), events.within(), events.aggregate(), events.is());
      case Condition.LastBefore last ->
          new Question.LastBefore(CounterSpec.of(last.events()).id(), last.age());
      case Condition.FirstBefore first ->
          new Question.FirstBefore(CounterSpec.of(first.events()).id(), first.age());
      case Condition.Inactive inactive -> new Question.Inactive(inactive.age());
      case Condition.Sequence sequence ->
          new StepsInOrder(
              sequence.steps().stream().map(step -> CounterSpec.of(step).id()).toList(),
              sequence.within());
      case Condition.NotFollowedBy left ->
          new Unfollowed(
              CounterSpec.of(left.events()).id(), CounterSpec.of(left.by()).id(), left.within());
      case Condition.OfDate date -> new OnDate(date.trait(), date.days(), date.yearly());
      case Condition.InLifecycle in -> new AtLifecycle(in.lifecycle(), in.rules());
      case Condition.InTier in -> new OfScores(rfm, Map.of(), in.tier());
      case Condition.OfRfm of -> new OfScores(rfm, of.is(), null);
      case Condition.Reachable reachable ->
          new Question.Reachable(reachable.channel(), reachable.reachable());
      case Condition.OfConsent consent ->
          new Question.OfConsent(consent.channel(), consent.topic(), consent.decision());
      case Condition.InSegment other -> segment(other.segment());
      case Condition.Imported _ -> Question.Any.NEVER;
    };
  }

  private List<Question> compile(List<Condition> parts) {
    return parts.stream().map(this::compile).toList();
  }
}
