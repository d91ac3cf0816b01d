package dev.perennial.domain.segment;

import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.LifecycleRules;
import dev.perennial.domain.profile.TagDimension;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds what the rules of a workspace say of somebody at one instant; nothing of it is stored. */
public final class Portraits {

  /** Where nothing is defined. */
  public static final Portraits NONE = new Portraits(List.of(), null, Rules.NONE, Set.of());

  private final Segments segments;
  private final Rules rules;
  private final Counters counters;
  private final @Nullable Rfm rfm;
  private final Set<SegmentId> live;

  /**
   * What the rules say.
   *
   * @param computed traits by name; those that are absent are left out
   * @param tags by name; one that is given by hand has that value
   * @param dimensions that some tag is about
   * @param scores of a customer; empty of others, and where nobody is scored
   */
  public record Portrait(
      CustomerStage stage,
      SortedMap<String, Value> computed,
      SortedMap<String, Value> tags,
      Set<TagDimension> dimensions,
      Map<Rfm.Dimension, Integer> scores) {
    public Portrait {
      computed = Collections.unmodifiableSortedMap(new TreeMap<>(computed));
      tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
      dimensions = Set.copyOf(dimensions);
      scores = Map.copyOf(scores);
    }
  }

  /**
   * By these rules.
   *
   * @param all tags that a rule gives, and the segments that they lead to
   * @param rfm by which customers are scored; null when nobody is
   * @param live ids of all segments
   */
  public Portraits(Collection<Segment> all, @Nullable Rfm rfm, Rules rules, Set<SegmentId> live) {
    List<Condition> asked = new ArrayList<>();
    all.forEach(segment -> asked.add(segment.where()));
    for (CustomerStage stage : CustomerStage.values()) {
      asked.add(rules.reached(stage));
    }
    rules
        .computed()
        .forEach(
            (name, formula) ->
                asked.add(new Condition.OfComputed(name, Comparisons.THERE, formula)));
    if (rfm != null) {
      asked.add(new Condition.InTier(Rfm.Tier.STRATEGIC));
    }
    this.rfm = rfm;
    this.segments = Segments.of(all, rfm);
    this.rules = rules;
    this.live = Set.copyOf(live);
    this.counters = Counters.of(asked);
  }

  /** What must be counted to find it. */
  public CounterSet counters() {
    return counters;
  }

  /** Whether there is such a segment. */
  public boolean has(SegmentId segment) {
    return live.contains(segment);
  }

  /** The rules of the lifecycle. */
  public LifecycleRules lifecycle() {
    return rules.lifecycle();
  }

  /** What the rules say of somebody of whom this is known, counted by {@link #counters}. */
  public Portrait of(Facts facts, Instant now) {
    Moment moment = new Moment(facts, now);
    SortedMap<String, Value> computed = new TreeMap<>();
    rules
        .computed()
        .forEach(
            (name, formula) -> {
              Value value = OfComputed.value(formula, moment);
              if (value != null) {
                computed.put(name, value);
              }
            });
    SortedMap<String, Value> tags = new TreeMap<>();
    rules
        .tags()
        .forEach(
            (name, tag) -> {
              Value value = value(name, tag, computed, moment);
              if (value != null) {
                tags.put(name, value);
              }
            });
    tags.putAll(facts.tags());
    Set<TagDimension> dimensions = EnumSet.noneOf(TagDimension.class);
    tags.keySet().forEach(tag -> rules.dimension(tag).ifPresent(dimensions::add));
    return new Portrait(stage(moment), computed, tags, dimensions, scores(moment));
  }

  private Map<Rfm.Dimension, Integer> scores(Moment moment) {
    Orders orders = rfm == null ? null : Orders.of(moment);
    return rfm == null || orders == null ? Map.of() : orders.scores(rfm, moment.now());
  }

  private @Nullable Value value(
      String name, Rules.Tag tag, Map<String, Value> computed, Moment moment) {
    if (tag.where() instanceof Condition.OfTrait trait && trait.is().equals(Comparisons.THERE)) {
      return moment.facts().traits().get(trait.name());
    }
    if (tag.where() instanceof Condition.OfComputed of && of.is().equals(Comparisons.THERE)) {
      return computed.get(of.name());
    }
    return segments.holds(SegmentId.ofTag(name), moment.facts(), moment.now())
        ? new Bool(true)
        : null;
  }

  private CustomerStage stage(Moment moment) {
    CustomerStage furthest = CustomerStage.ACQUISITION;
    for (CustomerStage stage : CustomerStage.values()) {
      furthest = segments.holds(rules.reached(stage), moment) ? stage : furthest;
    }
    return furthest;
  }
}
