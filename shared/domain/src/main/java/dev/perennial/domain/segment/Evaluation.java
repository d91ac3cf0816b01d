package dev.perennial.domain.segment;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one person stands with every live segment at one instant.
 *
 * @param members whether the person is one, by segment
 * @param nextChange the earliest later instant at which some answer changes if nothing but time
 *     does; null when none ever will. Never too late; too early only for a segment whose parts
 *     change {@value Segments#MAX_STEPS} times without changing its answer
 */
public record Evaluation(Map<SegmentId, Boolean> members, @Nullable Instant nextChange) {
  public Evaluation {
    members = Map.copyOf(members);
  }
}
