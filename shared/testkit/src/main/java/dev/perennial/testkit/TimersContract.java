package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of timers does. */
public interface TimersContract {

  Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  PersonId ANN = new PersonId("ann");
  PersonId BOB = new PersonId("bob");

  /** An empty store. */
  Timers timers();

  private static List<Due> due(Timers timers, Instant now) {
    List<Due> due = new ArrayList<>();
    timers.forEachDue(now, due::add);
    return due;
  }

  @Test
  default void handsOverWhatIsDueUpToNow() {
    Timers timers = timers();
    Due yesterday = Due.ofPerson(ANN, NOON.minusSeconds(86_400));
    Due now = Due.ofEnrollment(BOB, "journey#welcome", NOON);
    timers.register(now);
    timers.register(yesterday);
    timers.register(Due.ofPerson(BOB, NOON.plusSeconds(60)));

    assertThat(due(timers, NOON.plusSeconds(59))).containsExactly(yesterday, now);
  }

  @Test
  default void handsOverAgainUntilDeleted() {
    Timers timers = timers();
    Due due = Due.ofPerson(ANN, NOON);
    timers.register(due);
    timers.register(due);

    assertThat(due(timers, NOON)).containsExactly(due);
    assertThat(due(timers, NOON.plusSeconds(90 * 86_400))).containsExactly(due);
    timers.delete(due);
    timers.delete(due);

    assertThat(due(timers, NOON)).isEmpty();
  }

  @Test
  default void tellsTimersOfOnePersonAtOneMinuteApart() {
    Timers timers = timers();
    timers.register(Due.ofPerson(ANN, NOON));
    timers.register(Due.ofEnrollment(ANN, "one", NOON));
    timers.register(Due.ofEnrollment(ANN, "two", NOON));

    timers.delete(Due.ofEnrollment(ANN, "one", NOON));

    assertThat(due(timers, NOON))
        .containsExactlyInAnyOrder(Due.ofPerson(ANN, NOON), Due.ofEnrollment(ANN, "two", NOON));
  }

  @Test
  default void findsTheNextMinuteAtWhichATimerFires() {
    Timers timers = timers();
    Instant month = NOON.plusSeconds(30 * 86_400);
    for (int i = 0; i < 20; i++) {
      timers.register(Due.ofPerson(new PersonId("p" + i), month.plusSeconds(60L * (20 - i))));
    }
    timers.register(Due.ofPerson(ANN, NOON));

    assertThat(timers.nextDue(NOON.minusSeconds(1), month)).contains(NOON);
    assertThat(timers.nextDue(NOON, month)).isEmpty();
    assertThat(timers.nextDue(NOON, month.plusSeconds(60))).contains(month.plusSeconds(60));
    assertThat(timers.nextDue(month.plusSeconds(90), month.plusSeconds(86_400)))
        .contains(month.plusSeconds(120));
  }

  @Test
  default void findsTimersOfAnEarlierTimeAfterTheClockWentBack() {
    Timers timers = timers();
    Instant back = Instant.parse("1997-01-01T00:00:00Z");

    assertThat(due(timers, NOON)).isEmpty();
    timers.register(Due.ofPerson(ANN, back));

    assertThat(due(timers, back)).containsExactly(Due.ofPerson(ANN, back));
  }
}
