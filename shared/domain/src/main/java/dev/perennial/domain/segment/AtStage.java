package dev.perennial.domain.segment;

import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.LifecycleRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The person is in a stage of the lifecycle. */
record AtStage(Lifecycle stage, LifecycleRules rules) implements Question {

  @Override
  public boolean holds(Moment moment) {
    Facts facts = moment.facts();
    return facts.seen() != null
        && rules.stage(facts.seen().first(), facts.seen().last(), moment.now()) == stage;
  }

  @Override
  public @Nullable Instant nextFlip(Moment moment) {
    Facts facts = moment.facts();
    if (facts.seen() == null) {
      return null;
    }
    Instant first = facts.seen().first();
    Instant last = facts.seen().last();
    boolean before = holds(moment);
    Instant at = rules.nextChange(first, last, moment.now());
    while (at != null && (rules.stage(first, last, at) == stage) == before) {
      at = rules.nextChange(first, last, at);
    }
    return at;
  }
}
