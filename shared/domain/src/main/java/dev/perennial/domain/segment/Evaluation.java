package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one person stands with every segment that was asked about at one instant.
 *
 * @param members the segments that the person is in
 * @param nextChange the earliest later instant at which some answer changes if nothing but time
 *     does; null when none ever will. Never too late; too early only for a segment whose parts
 *     change {@value Segments#MAX_STEPS} times without changing its answer
 */
public record Evaluation(Set<SegmentId> members, @Nullable Instant nextChange) {
  public Evaluation {
    members = Set.copyOf(members);
  }
}
