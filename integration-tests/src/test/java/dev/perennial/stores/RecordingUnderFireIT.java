package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.testkit.Crashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Several workers record what a queue delivers twice and late, and die on the way; or one worker
 * dies before and after each of its calls in turn. Nothing is lost, nothing is counted twice, every
 * identifier is found, everybody concerned is told of, and the people are those whom one
 * undisturbed worker makes.
 *
 * <p>Only the total of events may miss what an invocation had recorded when it died.
 */
@ExtendWith(LocalTables.class)
final class RecordingUnderFireIT {

  private static final int SCALE = Integer.getInteger("laws.scale", 1);
  private static final int WORKERS = 4;
  private static final int HOUSEHOLDS = 6;
  private static final int EVENTS_OF_A_HOUSEHOLD = 40;

  private static final String NO_FAULTS = "0 lost, 0 counted twice, 0 orphaned identifiers";

  private final DynamoDbClient dynamo;

  RecordingUnderFireIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, SCALE);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void workersWhoMeetAndDieLoseNothing(long seed) throws Exception {
    Random random = new Random(seed);
    List<Event> events = SharedDevices.events(random, HOUSEHOLDS, EVENTS_OF_A_HOUSEHOLD);
    List<Event> delivered = SharedDevices.delivered(random, events);
    try (RecordingRun run = RecordingRun.in("Workers-" + seed, dynamo)) {
      BlockingQueue<Event> queue = new LinkedBlockingQueue<>(delivered);
      AtomicInteger unfinished = new AtomicInteger(delivered.size());
      try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
        List<Future<?>> working = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
          Random own = new Random(seed * WORKERS + i);
          working.add(workers.submit(() -> run.work(queue, unfinished, own)));
        }
        for (Future<?> worker : working) {
          worker.get();
        }
      }

      run.verify(events);
      System.out.printf(
          "%d workers, seed %d: %d events in %d deliveries; %s: %s%n",
          WORKERS, seed, events.size(), delivered.size(), run, NO_FAULTS);
      assertThat(run.deaths()).isGreaterThan(5);
      assertThat(run.merges()).isGreaterThan(5);
      assertThat(run.splits()).isPositive();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDeathAtAnyCallLosesNothing(long seed) {
    List<Event> events = eventful(seed);
    int calls;
    try (RecordingRun run = RecordingRun.in("Alive-" + seed, dynamo)) {
      Crashes none = new Crashes();
      run.deliver(events, 2, none);
      run.verify(events);
      calls = none.calls();
    }

    int deaths = 0;
    for (int call = 0; call < calls; call++) {
      for (boolean before : new boolean[] {true, false}) {
        try (RecordingRun run =
            RecordingRun.in("Death-" + seed + "-" + call + "-" + before, dynamo)) {
          Crashes crashes = new Crashes();
          crashes.dieAt(call, before);
          run.deliver(events, 2, crashes);
          run.verify(events);
          deaths += run.deaths();
        }
      }
    }
    System.out.printf(
        "seed %d: %d events, a death before and after each of %d calls, %d in all: %s%n",
        seed, events.size(), calls, deaths, NO_FAULTS);
    assertThat(deaths).isEqualTo(2 * calls);
  }

  /** A short history in which people merge and part. */
  private static List<Event> eventful(long seed) {
    for (long tried = seed * 10_000; ; tried++) {
      List<Event> events = SharedDevices.events(new Random(tried), 1, 8);
      try (RecordingRun run = RecordingRun.inMemory()) {
        run.deliver(events, 2, new Crashes());
        if (run.merges() > 0 && run.splits() > 0) {
          return events;
        }
      }
    }
  }
}
