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
 */
public final class LifecycleTick {

  /** How many timers are told of at a time. */
  private static final int BATCH = 100;

  /** As long as a message lives that is received five times, three minutes apart. */
  static final Duration LEASE = Duration.ofMinutes(15);

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
   */
  public synchronized void tick(Instant now, BooleanSupplier timeIsShort) {
    told.values().removeIf(at -> at.isAfter(now) || !at.plus(LEASE).isAfter(now));
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
