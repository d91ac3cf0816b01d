package dev.perennial.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** After so many visits of one message those are dropped by which nothing is told any more. */
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

  /**
   * The visits of which that is kept which tells what a person did first and whether those to come
   * are a person's: all, up to {@link #MOST}; then the first that a person made of each kind, and
   * those since the latest time at which nothing was fetched for more than a second; of a scan that
   * goes on and on, the newest. At most {@code MOST + 1}.
   *
   * @param delivered null when that is not known
   */
  static List<Visit> kept(List<Visit> visits, Instant sent, @Nullable Instant delivered) {
    if (visits.size() <= MOST) {
      return visits;
    }
    List<Visit> sorted = visits.stream().sorted(Comparator.comparing(Visit::at)).toList();
    int start = sorted.size() - 1;
    while (start > 0
        && Duration.between(sorted.get(start - 1).at(), sorted.get(start).at()).compareTo(BLINK)
            <= 0) {
      start--;
    }
    start = Math.max(start, sorted.size() - (MOST - 1));
    List<Visit> kept = new ArrayList<>();
    for (Visit visit : sorted.subList(0, start)) {
      boolean first =
          first(visit.isOpening(), visits, sent, delivered).filter(visit.at()::equals).isPresent();
      if (first && kept.stream().noneMatch(one -> one.isOpening() == visit.isOpening())) {
        kept.add(visit);
      }
    }
    kept.addAll(sorted.subList(start, sorted.size()));
    return kept;
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
