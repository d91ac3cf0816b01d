package dev.perennial.json;

import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.LifecycleRules;
import dev.perennial.domain.segment.Condition;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of the lifecycle as teams write them: {@code {"newFor","activeFor","dormantAfter",
 * "stages":{"experience":CONDITION,…}}}.
 */
public final class LifecycleCodec {

  private LifecycleCodec() {}

  /**
   * The rules of the lifecycle and of the stages.
   *
   * @param stages of which nothing is said are reached by nobody
   */
  public record Lifecycle(LifecycleRules rules, Map<CustomerStage, Condition> stages) {
    public Lifecycle {
      stages = Map.copyOf(stages);
    }
  }

  /**
   * The rules of a document.
   *
   * @throws InvalidDocument when it holds anything else
   */
  public static Lifecycle read(JsonObject document) {
    Duration newFor = ConditionCodec.duration(document.required("newFor"));
    Duration activeFor = ConditionCodec.duration(document.required("activeFor"));
    JsonNode dormant = document.required("dormantAfter");
    Duration dormantAfter = ConditionCodec.duration(dormant);
    if (dormantAfter.compareTo(activeFor) <= 0) {
      throw dormant.invalid("must be longer than activeFor: somebody is at risk in between");
    }
    Map<CustomerStage, Condition> stages = new EnumMap<>(CustomerStage.class);
    Optional<JsonNode> all = document.optional("stages");
    if (all.isPresent()) {
      JsonObject object = all.get().object();
      for (CustomerStage stage : CustomerStage.values()) {
        if (stage != CustomerStage.ACQUISITION) {
          object
              .optional(JsonNode.name(stage))
              .ifPresent(condition -> stages.put(stage, rule(condition)));
        }
      }
      object.refuseOthers();
    }
    document.refuseOthers();
    return new Lifecycle(new LifecycleRules(newFor, activeFor, dormantAfter), stages);
  }

  private static Condition rule(JsonNode node) {
    Condition condition = ConditionCodec.read(node);
    Condition.forEachLeaf(
        condition,
        leaf -> {
          if (leaf instanceof Condition.InSegment
              || leaf instanceof Condition.OfTag
              || leaf instanceof Condition.InStage
              || leaf instanceof Condition.InTier
              || leaf instanceof Condition.OfRfm) {
            throw node.invalid("must not ask for segments, tags, stages, tiers or scores");
          }
        });
    return condition;
  }
}
