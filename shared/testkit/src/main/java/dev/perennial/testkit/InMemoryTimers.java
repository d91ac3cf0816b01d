package dev.perennial.testkit;

import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Timers of a test. */
public final class InMemoryTimers implements Timers {

  private static final Comparator<Due> ORDER =
      Comparator.comparing(Due::minute)
          .thenComparing(Due::kind)
          .thenComparing(Due::person)
          .thenComparing(Due::key);

  private final TreeSet<Due> timers = new TreeSet<>(ORDER);

  /** All that are registered, earliest first. */
  public synchronized List<Due> all() {
    return List.copyOf(timers);
  }

  @Override
  public synchronized void register(Due due) {
    timers.add(due);
  }

  @Override
  public synchronized void delete(Due due) {
    timers.remove(due);
  }

  @Override
  public void forEachDue(Instant now, Consumer<Due> action) {
    all().stream().takeWhile(due -> !due.minute().isAfter(now)).forEach(action);
  }

  @Override
  public Optional<Instant> nextDue(Instant after, Instant until) {
    return all().stream()
        .map(Due::minute)
        .filter(minute -> minute.isAfter(after) && !minute.isAfter(until))
        .findFirst();
  }
}
