package dev.perennial.domain.webhook;

import dev.perennial.domain.journey.Journey.Edge;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place that is told of memberships.
 *
 * @param id a slug that the team chose
 * @param on entering, leaving, or both
 * @param salts from which the secrets follow, the newest first
 */
public record Webhook(String id, URI url, Set<SegmentId> segments, Set<Edge> on, List<Salt> salts) {

  /** How long messages are signed with the former secret, too. */
  public static final Duration OVERLAP = Duration.ofDays(1);

  /**
   * What makes one secret differ from another.
   *
   * @param until when it signs no more; null for the newest
   */
  public record Salt(String text, @Nullable Instant until) {}

  public Webhook {
    segments = Set.copyOf(segments);
    on = Set.copyOf(on);
    salts = List.copyOf(salts);
  }

  /** Whether it is to be told. */
  public boolean wants(Transition transition) {
    return segments.contains(transition.segment())
        && on.contains(transition.entered() ? Edge.ENTERED : Edge.EXITED);
  }

  /** Those of the secrets that sign at that time. */
  public List<Salt> salts(Instant now) {
    return salts.stream()
        .filter(salt -> salt.until() == null || now.isBefore(salt.until()))
        .toList();
  }

  /** This webhook with a new secret; the one before signs for {@link #OVERLAP}, others no more. */
  public List<Salt> rotated(String salt, Instant now) {
    return List.of(new Salt(salt, null), new Salt(salts.getFirst().text(), now.plus(OVERLAP)));
  }
}
