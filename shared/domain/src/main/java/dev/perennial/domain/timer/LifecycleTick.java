package dev.perennial.domain.timer;

import dev.perennial.domain.Publisher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Tells of every timer that is due. A timer that nobody deletes is told of again a {@link #LEASE}
 * later, so nothing is lost when a message is, and a crowd that is still waiting in its queue is
 * not told of twice. What was told is remembered by whoever told it; another one may tell it once
 * more.
 *
 * <p>Of what always fails is told ever more rarely, and of a person after a day for the last time:
 * that message ends in the dead-letter queue, from where they are evaluated when it is put back.
 */
public final class LifecycleTick {

  /** How many timers are told of at a time. */
  private static final int BATCH = 100;

  /** As long as a message lives that is received five times, three minutes apart. */
  static final Duration LEASE = Duration.ofMinutes(15);

  /** A lease of what has been due for long: as long as it has been, and no longer than this. */
  private static final Duration LONGEST_LEASE = Duration.ofHours(1);

  /** How long a timer is told of again. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final Timers timers;
  private final Publisher<Due> people;
  private final Publisher<Due> enrollments;
  private final Publisher<Due> erasures;
  private final Publisher<Due> sends;
  private final Publisher<Due> scorings;
  private final Map<Due, Instant> told = new HashMap<>();

  public LifecycleTick(
      Timers timers,
      Publisher<Due> people,
      Publisher<Due> enrollments,
      Publisher<Due> erasures,
      Publisher<Due> sends,
      Publisher<Due> scorings) {
    this.timers = timers;
    this.people = people;
    this.enrollments = enrollments;
    this.erasures = erasures;
    this.sends = sends;
    this.scorings = scorings;
  }

  /**
   * Tells of all timers whose minute is not after {@code now}, however long ago it was, but for
   * those told of lately.
   *
   * @param timeIsShort asked before each; then the rest is left to the next tick
   * @return how many were told of for the last time, because nobody could do anything about them
   */
  public synchronized int tick(Instant now, BooleanSupplier timeIsShort) {
    List<Due> hopeless = new ArrayList<>();
    told.entrySet()
        .removeIf(
            former -> {
              Due due = former.getKey();
              Instant at = former.getValue();
              boolean again = at.isAfter(now) || !at.plus(lease(due, at)).isAfter(now);
              if (again && isGivenUp(due, now)) {
                hopeless.add(due);
              }
              return again;
            });
    Map<Due.Kind, List<Due>> waiting = new EnumMap<>(Due.Kind.class);
    timers.forEachDue(
        now,
        due -> {
          if (told.containsKey(due) || timeIsShort.getAsBoolean()) {
            return;
          }
          List<Due> batch = waiting.computeIfAbsent(due.kind(), _ -> new ArrayList<>());
          batch.add(due);
          if (batch.size() == BATCH) {
            tell(due.kind(), batch, now);
            batch.clear();
          }
        });
    waiting.forEach((kind, batch) -> tell(kind, batch, now));
    hopeless.removeIf(due -> told.remove(due) == null);
    hopeless.forEach(timers::delete);
    return hopeless.size();
  }

  private static Duration lease(Due due, Instant told) {
    Duration late = Duration.between(due.minute(), told);
    Duration most = late.compareTo(LONGEST_LEASE) < 0 ? late : LONGEST_LEASE;
    return most.compareTo(LEASE) > 0 ? most : LEASE;
  }

  private static boolean isGivenUp(Due due, Instant now) {
    return due.kind() == Due.Kind.PERSON && due.minute().plus(PATIENCE).isBefore(now);
  }

  private void tell(Due.Kind kind, List<Due> batch, Instant now) {
    if (batch.isEmpty()) {
      return;
    }
    switch (kind) {
      case PERSON -> people.publish(List.copyOf(batch));
      case ENROLLMENT -> enrollments.publish(List.copyOf(batch));
      case ERASURE -> erasures.publish(List.copyOf(batch));
      case SEND -> sends.publish(List.copyOf(batch));
      case SCORING -> scorings.publish(List.copyOf(batch));
    }
    batch.forEach(due -> told.put(due, now));
  }
}
