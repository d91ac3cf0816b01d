package dev.perennial.local.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.local.clock.ClockMoves.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockMovesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final MovableClock clock = new MovableClock(InstantSource.fixed(NOON), null);
  private final NavigableSet<Instant> timers = new TreeSet<>();
  private final List<String> seen = new ArrayList<>();
  private boolean people;

  private final ClockMoves moves =
      new ClockMoves(
          clock,
          this::between,
          minute -> seen.add("tick " + minute),
          () -> seen.add("idle"),
          () -> people);

  private Optional<Instant> between(Instant after, Instant until) {
    return Optional.ofNullable(timers.higher(after)).filter(due -> !due.isAfter(until));
  }

  @Test
  void followsTheMachineUntilFirstSet() throws InterruptedException {
    assertThat(clock.standsStill()).isFalse();

    moves.move(now -> now.plusSeconds(90));

    assertThat(clock.standsStill()).isTrue();
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
  }

  @Test
  void letsEachDueMinuteHappenAtItsTime() throws InterruptedException {
    timers.add(NOON.plusSeconds(60));
    timers.add(NOON.plusSeconds(120));
    timers.add(NOON.plusSeconds(360));

    moves.move(now -> now.plus(Duration.ofMinutes(5)));

    assertThat(seen)
        .containsExactly(
            "idle",
            "tick 2026-03-01T12:00:00Z",
            "idle",
            "tick 2026-03-01T12:01:00Z",
            "idle",
            "tick 2026-03-01T12:02:00Z",
            "idle");
    assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
  }

  @Test
  void firesAMinuteThatIsTheTargetButNotAgainAfterIt() throws InterruptedException {
    timers.add(NOON.plusSeconds(60));

    moves.move(now -> now.plusSeconds(60));
    assertThat(seen).contains("tick 2026-03-01T12:01:00Z");

    seen.clear();
    moves.move(now -> now.plusSeconds(60));
    assertThat(seen).containsExactly("idle", "tick 2026-03-01T12:01:00Z", "idle");
  }

  @Test
  void sweepsFirstWhatIsDueAlready() throws InterruptedException {
    clock.set(NOON);
    timers.add(NOON.minusSeconds(60)); // registered in the past: no later minute would find it

    moves.move(now -> now.plusSeconds(1));

    assertThat(seen).containsExactly("idle", "tick 2026-03-01T12:00:00Z", "idle");
  }

  @Test
  void beginsWithASweepWhereTheClockStands() throws InterruptedException {
    moves.begin();
    assertThat(seen).isEmpty();

    clock.set(NOON);
    moves.begin();
    assertThat(seen).containsExactly("tick 2026-03-01T12:00:00Z");
  }

  @Test
  void isNotIdleWhileAMoveIsUnderWay() throws InterruptedException {
    AtomicReference<Thread> waiter = new AtomicReference<>();
    AtomicReference<ClockMoves> both = new AtomicReference<>();
    both.set(
        new ClockMoves(
            clock,
            this::between,
            _ -> {
              seen.add("tick");
              if (waiter.get() == null) {
                waiter.set(
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                both.get().awaitIdle();
                                seen.add("told of idleness at " + clock.instant());
                              } catch (InterruptedException e) {
                                throw new AssertionError(e);
                              }
                            }));
              }
            },
            () -> {},
            () -> people));
    timers.add(NOON.plusSeconds(60));

    both.get().move(now -> now.plusSeconds(90));
    waiter.get().join();

    assertThat(seen).containsExactly("tick", "tick", "told of idleness at 2026-03-01T12:01:30Z");
  }

  @Test
  void firesOnceWhatIsNotAcknowledged() throws InterruptedException {
    timers.add(NOON.plusSeconds(60));

    moves.move(now -> now.plus(Duration.ofDays(60)));

    assertThat(seen)
        .containsExactly(
            "idle", "tick 2026-03-01T12:00:00Z", "idle", "tick 2026-03-01T12:01:00Z", "idle");
  }

  @Test
  void goesBackOnlyWhileNobodyExists() throws InterruptedException {
    Instant past = Instant.parse("1997-01-01T00:00:00Z");

    assertThat(moves.move(_ -> past)).isEqualTo(new Outcome.Moved(past));

    people = true;
    assertThat(moves.move(now -> now.minusSeconds(1))).isEqualTo(new Outcome.PeopleExist());
    assertThat(clock.instant()).isEqualTo(past);
  }

  @Test
  void refusesAMoveDuringAMove() throws InterruptedException {
    AtomicReference<Outcome> second = new AtomicReference<>();
    AtomicReference<ClockMoves> both = new AtomicReference<>();
    both.set(
        new ClockMoves(
            clock,
            this::between,
            _ -> {},
            () -> second.set(both.get().move(now -> now)),
            () -> people));

    both.get().move(now -> now.plusSeconds(1));

    assertThat(second.get()).isEqualTo(new Outcome.Busy());
  }

  @Test
  void runsSchedulesOnTheMachinesMinutesOnlyWhileItFollowsThem() throws InterruptedException {
    moves.runDue();
    assertThat(seen).containsExactly("tick " + NOON);

    moves.move(now -> now);
    seen.clear();
    moves.runDue();
    assertThat(seen).isEmpty();
  }

  @Test
  void standsWhereItStoodAfterARestart(@TempDir Path folder) {
    Path file = folder.resolve("clock.txt");
    new MovableClock(InstantSource.system(), file).set(NOON);

    MovableClock restarted = new MovableClock(InstantSource.system(), file);

    assertThat(restarted.standsStill()).isTrue();
    assertThat(restarted.instant()).isEqualTo(NOON);
  }
}
