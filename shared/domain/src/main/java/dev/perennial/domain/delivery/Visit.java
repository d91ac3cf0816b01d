package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fetch of one of a message's links, by a person or by a program that looks for viruses.
 *
 * @param link tells the links of a message apart; empty for the image that tells of opening it
 */
public record Visit(String link, Instant at) {

  /** Visits that are kept of one message. */
  public static final int MOST = 50;

  /** How soon after delivery nobody reads, and how close together nobody clicks. */
  private static final Duration BLINK = Duration.ofSeconds(1);

  /** When it is clear whether a program made it: what that fetches besides, it has fetched. */
  public Instant clearAt() {
    return at.plus(BLINK).plus(BLINK);
  }

  /** Whether it is a fetch of the image. */
  public boolean isOpening() {
    return link.isEmpty();
  }

  /**
   * The earliest visit that a person made: not within a second of the delivery, and not within a
   * second of a fetch of another link. It depends on what was fetched when, not on the order in
   * which that became known.
   *
   * @param delivered null when that is not known
   */
  public static Optional<Instant> first(
      boolean opening, List<Visit> visits, Instant sent, @Nullable Instant delivered) {
    return visits.stream()
        .filter(visit -> visit.isOpening() == opening)
        .filter(visit -> !isScan(visit, visits, delivered == null ? sent : delivered))
        .map(Visit::at)
        .min(Instant::compareTo);
  }

  private static boolean isScan(Visit visit, List<Visit> visits, Instant delivered) {
    if (Duration.between(delivered, visit.at()).abs().compareTo(BLINK) <= 0) {
      return true;
    }
    Set<String> around = new HashSet<>();
    for (Visit other : visits) {
      if (!other.isOpening()
          && Duration.between(other.at(), visit.at()).abs().compareTo(BLINK) <= 0) {
        around.add(other.link());
      }
    }
    return around.size() > 1;
  }
}
