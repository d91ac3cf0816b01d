package dev.perennial.domain.timer;

import dev.perennial.domain.Publisher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of every timer that is due. A timer is told of again each time until whoever it is for
 * deletes it, so nothing is lost when a message is.
 */
public final class LifecycleTick {

  /** How many timers are told of at a time. */
  private static final int BATCH = 100;

  private final Timers timers;
  private final Publisher<Due> people;
  private final Publisher<Due> enrollments;
  private final Publisher<Due> erasures;
  private final Publisher<Due> sends;
  private final Publisher<Due> scorings;

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

  /** Tells of all timers whose minute is not after {@code now}, however long ago it was. */
  public void tick(Instant now) {
    Map<Due.Kind, List<Due>> waiting = new EnumMap<>(Due.Kind.class);
    timers.forEachDue(
        now,
        due -> {
          List<Due> batch = waiting.computeIfAbsent(due.kind(), _ -> new ArrayList<>());
          batch.add(due);
          if (batch.size() == BATCH) {
            tell(due.kind(), batch);
            batch.clear();
          }
        });
    waiting.forEach(this::tell);
  }

  private void tell(Due.Kind kind, List<Due> batch) {
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
  }
}
