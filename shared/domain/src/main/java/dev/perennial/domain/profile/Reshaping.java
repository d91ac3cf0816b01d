package dev.perennial.domain.profile;

import dev.perennial.domain.segment.Cause;
import java.time.Instant;

/**
 * That identifiers came to a person or went since the memberships were last evaluated. What that
 * evaluation finds has this cause, unless only the events that came with it explain it.
 *
 * @param cause {@link Cause#MERGE} or {@link Cause#SPLIT}
 * @param since timestamp of the earliest of those events; when it happened if there were none
 */
public record Reshaping(Cause cause, Instant since) {

  /** This one, when another went before it and was not evaluated. */
  Reshaping after(Reshaping former) {
    return former.since.isBefore(since) ? new Reshaping(cause, former.since) : this;
  }
}
