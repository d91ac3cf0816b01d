package dev.perennial.domain.erasure;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The record of one person's erasure. It outlives the person and holds nothing of them.
 *
 * @param by name of the key that asked for it
 * @param refusedUntil when the identifiers may name somebody again, who is then new
 * @param erasedAt when nothing was left but hashes; null before
 * @param verifiedAt when nothing was left either of what others were writing at the time; null
 *     before
 * @param lapsed whether the hashes are gone too
 * @param done how many steps of the visit under way are done
 * @param counts how many things of each kind were deleted or rewritten. A crash between such a
 *     thing and its counting leaves it uncounted
 */
public record Erasure(
    String id,
    String by,
    Instant requestedAt,
    Instant refusedUntil,
    @Nullable Instant erasedAt,
    @Nullable Instant verifiedAt,
    boolean lapsed,
    int done,
    Map<String, Long> counts) {

  /** How far it is. */
  public enum State {
    /** Requested, and not yet worked off. */
    ERASING,
    /** Nothing is kept but hashes, by which late events are refused. */
    ERASED,
    /** The hashes are gone too. */
    LAPSED
  }

  public Erasure {
    counts = Map.copyOf(counts);
  }

  /** An erasure that begins. */
  static Erasure requested(
      String id, String by, Instant at, Instant refusedUntil, long identifiers) {
    return new Erasure(
        id, by, at, refusedUntil, null, null, false, 0, Map.of("identifiers", identifiers));
  }

  public State state() {
    return lapsed ? State.LAPSED : erasedAt == null ? State.ERASING : State.ERASED;
  }

  /** This erasure once that many more things of that kind are gone. */
  Erasure counting(String kind, long n) {
    if (n == 0) {
      return this;
    }
    Map<String, Long> more = new TreeMap<>(counts);
    more.merge(kind, n, Long::sum);
    return new Erasure(id, by, requestedAt, refusedUntil, erasedAt, verifiedAt, lapsed, done, more);
  }

  /** This erasure once that many steps of the visit under way are done. */
  public Erasure at(int step) {
    return new Erasure(
        id, by, requestedAt, refusedUntil, erasedAt, verifiedAt, lapsed, step, counts);
  }

  Erasure erased(Instant at) {
    return new Erasure(id, by, requestedAt, refusedUntil, at, verifiedAt, lapsed, 0, counts);
  }

  Erasure verified(Instant at) {
    return new Erasure(id, by, requestedAt, refusedUntil, erasedAt, at, lapsed, 0, counts);
  }

  Erasure over() {
    return new Erasure(id, by, requestedAt, refusedUntil, erasedAt, verifiedAt, true, done, counts);
  }
}
