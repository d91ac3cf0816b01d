package dev.perennial.domain.segment;

import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.LifecycleRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The person is at a point of the lifecycle. */
record AtLifecycle(Lifecycle lifecycle, LifecycleRules rules) implements Question {

  @Override
  public boolean holds(Moment moment) {
    Facts facts = moment.facts();
    return facts.seen() != null
        && rules.at(facts.seen().first(), facts.seen().last(), moment.now()) == lifecycle;
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
    while (at != null && (rules.at(first, last, at) == lifecycle) == before) {
      at = rules.nextChange(first, last, at);
    }
    return at;
  }
}
