package dev.perennial.domain.segment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That words of conditions came to mean something else, told on a queue: everybody is to be
 * evaluated by each segment that uses them.
 *
 * @param at when
 * @param trait the computed trait that changed; null when the lifecycle and its stages did
 * @param after id of the last segment that this was begun with; null when with none
 */
public record RulesChange(Instant at, @Nullable String trait, @Nullable String after) {

  /** Nothing was begun yet. */
  public RulesChange(Instant at, @Nullable String trait) {
    this(at, trait, null);
  }

  /** What is left of it once it was begun with that segment and those before it. */
  public RulesChange after(String segment) {
    return new RulesChange(at, trait, segment);
  }

  /**
   * Whether the condition may mean something else since.
   *
   * @param condition with the meaning of its words
   */
  public boolean concerns(Condition condition) {
    boolean[] concerned = {false};
    Condition.forEachLeaf(
        condition,
        leaf ->
            concerned[0] |=
                trait == null
                    ? leaf instanceof Condition.InLifecycle || leaf instanceof Condition.InStage
                    : leaf instanceof Condition.OfComputed of && of.name().equals(trait));
    return concerned[0];
  }
}
