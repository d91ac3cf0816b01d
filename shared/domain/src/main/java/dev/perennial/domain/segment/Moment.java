package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person, at one instant. A segment that others refer to is asked once per
 * moment, however many refer to it and on however many ways: their number may grow exponentially
 * with the length of the definitions.
 */
final class Moment {

  private final Facts facts;
  private final Instant now;
  private final Map<SegmentId, Boolean> held = new HashMap<>();
  private final Map<SegmentId, Optional<Instant>> flips = new HashMap<>();

  Moment(Facts facts, Instant now) {
    this.facts = facts;
    this.now = now;
  }

  Facts facts() {
    return facts;
  }

  Instant now() {
    return now;
  }

  /** The same facts at another instant. */
  Moment at(Instant other) {
    return new Moment(facts, other);
  }

  Series series(CounterId counter) {
    return facts.series(counter);
  }

  boolean holds(Question.OfSegment segment) {
    Boolean known = held.get(segment.id());
    if (known == null) {
      known = segment.question().holds(this);
      held.put(segment.id(), known);
    }
    return known;
  }

  @Nullable Instant nextFlip(Question.OfSegment segment) {
    Optional<Instant> known = flips.get(segment.id());
    if (known == null) {
      known = Optional.ofNullable(segment.question().nextFlip(this));
      flips.put(segment.id(), known);
    }
    return known.orElse(null);
  }
}
