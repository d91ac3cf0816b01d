package dev.perennial.json;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Rules;
import dev.perennial.domain.segment.RulesChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules that hold, with the latest change of each. A segment that is older than a rule that it
 * uses is edited by it from that instant on, also before it has a version that was made after it.
 *
 * @param changes of the lifecycle and of computed traits that the team ever said something of
 */
public record ChangedRules(Rules rules, List<RulesChange> changes) {

  public ChangedRules {
    changes = List.copyOf(changes);
  }

  /**
   * The rules that hold.
   *
   * @param segments all definitions of segments and tags
   */
  public static ChangedRules of(Definitions definitions, List<Definition> segments) {
    return of(
        definitions.find(Kind.SETTINGS, RulesCodec.LIFECYCLE),
        definitions.list(Kind.TRAIT),
        segments);
  }

  static ChangedRules of(
      Optional<Definition> lifecycle, List<Definition> traits, List<Definition> segments) {
    List<RulesChange> changes = new ArrayList<>();
    lifecycle.ifPresent(stages -> changes.add(new RulesChange(stages.at(), null)));
    traits.forEach(trait -> changes.add(new RulesChange(trait.at(), trait.id())));
    return new ChangedRules(
        RulesCodec.read(RulesCodec.lifecycle(lifecycle), traits, segments), changes);
  }

  /**
   * The changes that some segment has no version after. Either they are on their way, or they were
   * lost: whoever made them may have crashed before telling, and whoever was told may have failed.
   */
  public static List<RulesChange> unmet(Definitions definitions) {
    List<Definition> segments = definitions.list(Kind.SEGMENT);
    ChangedRules rules = of(definitions, segments);
    return segments.stream().flatMap(segment -> rules.since(segment).stream()).distinct().toList();
  }

  /** The segment as these rules leave it. */
  public Definition edited(Definition segment) {
    return since(segment).stream()
        .map(RulesChange::at)
        .max(Instant::compareTo)
        .map(at -> edited(segment, at))
        .orElse(segment);
  }

  private static Definition edited(Definition segment, Instant at) {
    return new Definition(
        segment.kind(),
        segment.id(),
        segment.version(),
        BackfillSegment.statusOnceEdited(segment),
        segment.launched(),
        segment.document(),
        at,
        segment.first());
  }

  /** What changed of what the segment uses after it was made. */
  private List<RulesChange> since(Definition segment) {
    List<RulesChange> later =
        changes.stream().filter(change -> change.at().isAfter(segment.at())).toList();
    if (later.isEmpty()) {
      return List.of();
    }
    Condition condition = rules.resolve(LiveDefinitions.condition(segment));
    return later.stream().filter(change -> change.concerns(condition)).toList();
  }
}
