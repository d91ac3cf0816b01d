package dev.perennial.domain.segment;

import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.LifecycleRules;
import dev.perennial.domain.profile.TagDimension;
import dev.perennial.domain.value.Value.Bool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the words of conditions mean in a workspace, shipped or as the team says.
 *
 * @param stages who is in a stage, or beyond it; whoever is in none is in the first
 * @param computed traits by name
 * @param tags that a rule gives, by name
 */
public record Rules(
    LifecycleRules lifecycle,
    Map<CustomerStage, Condition> stages,
    Map<String, Formula> computed,
    Map<String, Tag> tags) {

  /** Nothing is said but the lifecycle that is shipped. */
  public static final Rules NONE = new Rules(LifecycleRules.SHIPPED, Map.of(), Map.of(), Map.of());

  /**
   * A tag that a rule gives. Where the rule is only that a trait, computed or not, is there, the
   * tag has its value; every other has the value true.
   *
   * @param live whether it is kept as a membership of {@link SegmentId#ofTag}; else it is found
   *     wherever it is asked for
   */
  public record Tag(TagDimension dimension, Condition where, boolean live) {}

  public Rules {
    stages = Map.copyOf(stages);
    computed = Map.copyOf(computed);
    tags = Map.copyOf(tags);
  }

  /** The condition with the meaning of its words. */
  public Condition resolve(Condition condition) {
    return switch (condition) {
      case Condition.All all -> new Condition.All(resolve(all.parts()));
      case Condition.Any any -> new Condition.Any(resolve(any.parts()));
      case Condition.Not not -> new Condition.Not(resolve(not.part()));
      case Condition.OfTag(String name, Comparisons is, Condition _) -> {
        Tag tag = tags.get(name);
        yield tag == null
            ? new Condition.OfTag(name, is)
            : new Condition.OfTag(name, is, given(SegmentId.ofTag(name), tag, is));
      }
      case Condition.InLifecycle in -> new Condition.InLifecycle(in.lifecycle(), lifecycle);
      case Condition.InStage in -> new Condition.InStage(in.stage(), meaning(in.stage()));
      case Condition.OfComputed(String name, Comparisons is, Formula _) ->
          new Condition.OfComputed(name, is, computed.getOrDefault(name, new Formula.Nothing()));
      case Condition.OfTrait _,
          Condition.OfEvents _,
          Condition.LastBefore _,
          Condition.FirstBefore _,
          Condition.Inactive _,
          Condition.Sequence _,
          Condition.NotFollowedBy _,
          Condition.OfDate _,
          Condition.InTier _,
          Condition.OfRfm _,
          Condition.Reachable _,
          Condition.OfConsent _,
          Condition.Imported _,
          Condition.InSegment _ ->
          condition;
    };
  }

  private List<Condition> resolve(List<Condition> parts) {
    return parts.stream().map(this::resolve).toList();
  }

  /** When the tag that the rule gives, or none, is so. */
  private Condition given(SegmentId id, Tag tag, Comparisons is) {
    Condition where = tag.live() ? tag.where() : resolve(tag.where());
    if (where instanceof Condition.OfTrait(String name, var there)
        && there.equals(Comparisons.THERE)) {
      return new Condition.OfTrait(name, is);
    }
    if (where instanceof Condition.OfComputed computed && computed.is().equals(Comparisons.THERE)) {
      return resolve(new Condition.OfComputed(computed.name(), is));
    }
    Condition rule = tag.live() ? new Condition.InSegment(id) : where;
    boolean with = is.meets(new Bool(true));
    boolean without = is.meets(null);
    if (with == without) {
      return with ? Condition.All.ALWAYS : Condition.Any.NEVER;
    }
    return with ? rule : new Condition.Not(rule);
  }

  /** When somebody is in the stage and not beyond it. */
  private Condition meaning(CustomerStage stage) {
    Condition beyond =
        new Condition.Any(
            Stream.of(CustomerStage.values())
                .filter(other -> other.compareTo(stage) > 0)
                .map(this::reached)
                .toList());
    return stage == CustomerStage.ACQUISITION
        ? new Condition.Not(beyond)
        : new Condition.All(List.of(reached(stage), new Condition.Not(beyond)));
  }

  /** When somebody is in the stage or was. */
  Condition reached(CustomerStage stage) {
    return resolve(stages.getOrDefault(stage, Condition.Any.NEVER));
  }

  /** What a tag is about, as its rule or its name says. */
  Optional<TagDimension> dimension(String tag) {
    return Optional.ofNullable(tags.get(tag)).map(Tag::dimension).or(() -> TagDimension.of(tag));
  }
}
