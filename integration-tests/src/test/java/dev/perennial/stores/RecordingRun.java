package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Reshaping;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Timers;
import dev.perennial.stores.Recorded.Faults;
import dev.perennial.testkit.Crashes;
import dev.perennial.testkit.Crashes.Crash;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Workers who record events into stores of their own and may die, and what was counted meanwhile.
 * Safe for use by several workers.
 */
final class RecordingRun implements AutoCloseable {

  private static final String WORKSPACE = "fire";

  /** Most messages that a function takes at once. */
  private static final int BATCH = 10;

  /** So often, on average, a message may come again. */
  private static final int TIMES_AGAIN = 3;

  /** A worker dies within so many calls. */
  private static final int CALLS_OF_A_LIFE = 60;

  private final People people;
  private final History history;
  private final Totals totals;
  private final Supplier<Collection<Person>> living;
  private final Runnable closing;

  private final Set<PersonId> told = ConcurrentHashMap.newKeySet();
  private final Set<Trigger> heard = ConcurrentHashMap.newKeySet();
  private final InMemoryTimers timers = new InMemoryTimers();
  private final AtomicInteger merges = new AtomicInteger();
  private final AtomicInteger splits = new AtomicInteger();
  private final AtomicInteger contended = new AtomicInteger();
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger redelivered = new AtomicInteger();

  private RecordingRun(
      People people,
      History history,
      Totals totals,
      Supplier<Collection<Person>> living,
      Runnable closing) {
    this.people = counted(people);
    this.history = history;
    this.totals = totals;
    this.living = living;
    this.closing = closing;
  }

  /** In this process's memory. */
  static RecordingRun inMemory() {
    InMemoryTotals totals = new InMemoryTotals();
    InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
    return new RecordingRun(people, new InMemoryHistory(), totals, people::all, () -> {});
  }

  /** In a new table, which takes people, history and totals alike: no two have one key. */
  static RecordingRun in(String table, DynamoDbClient dynamo) {
    dynamo.createTable(
        request ->
            request
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text("pk"), text("sk"))
                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
    DynamoTotals totals = new DynamoTotals(dynamo, table);
    DynamoPeople people = new DynamoPeople(dynamo, table, totals, WORKSPACE);
    return new RecordingRun(
        people,
        new DynamoHistory(dynamo, table, WORKSPACE),
        totals,
        () -> people.find(ids(dynamo, table), Freshness.CURRENT).values(),
        () -> dynamo.deleteTable(request -> request.tableName(table)));
  }

  @Override
  public void close() {
    closing.run();
  }

  int merges() {
    return merges.get();
  }

  int splits() {
    return splits.get();
  }

  int deaths() {
    return deaths.get();
  }

  /** A process that dies where the crashes say. */
  RecordEvents process(Crashes crashes, long seed) {
    return new Recording(
            crashes.around(People.class, people),
            crashes.around(History.class, history),
            crashes.around(Totals.class, totals),
            crashes.<ProfileChange>aroundPublisher(
                news -> news.forEach(change -> told.add(change.person()))),
            crashes.<Trigger>aroundPublisher(heard::addAll),
            crashes.around(Timers.class, timers))
        .start(seed);
  }

  /** Delivers the events in batches of that size, each until it is recorded. */
  void deliver(List<Event> events, int batch, Crashes crashes) {
    RecordEvents process = process(crashes, 0);
    for (int from = 0; from < events.size(); from += batch) {
      List<Event> left = events.subList(from, Math.min(events.size(), from + batch));
      while (!left.isEmpty()) {
        List<Event> unrecorded = recorded(process, left);
        if (unrecorded.size() == left.size()) {
          process = process(new Crashes(), 0);
        }
        left = unrecorded;
      }
    }
  }

  /**
   * Takes batches from the queue, puts back what is not recorded, and dies now and then. Gives up,
   * and lets the others give up, when messages never stop coming again.
   */
  void work(BlockingQueue<Event> queue, AtomicInteger unfinished, Random random) {
    int most = TIMES_AGAIN * unfinished.get();
    RecordEvents process = mortal(random);
    try {
      while (unfinished.get() > 0) {
        Event first = queue.poll(5, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Event> batch = new ArrayList<>(List.of(first));
          queue.drainTo(batch, BATCH - 1);
          List<Event> unrecorded = recorded(process, batch);
          queue.addAll(unrecorded);
          unfinished.addAndGet(unrecorded.size() - batch.size());
          if (unrecorded.size() == batch.size()) {
            process = mortal(random); // it died, or is none the worse for it
          }
        }
        if (redelivered.get() > most) {
          throw new IllegalStateException("messages never stop coming again: " + this);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      unfinished.updateAndGet(left -> Math.min(left, 0));
    }
  }

  private RecordEvents mortal(Random random) {
    Crashes crashes = new Crashes();
    crashes.dieAt(random.nextInt(CALLS_OF_A_LIFE), random.nextBoolean());
    return process(crashes, random.nextLong());
  }

  /** Records the events, each a message, and returns those that must come again. */
  private List<Event> recorded(RecordEvents process, List<Event> events) {
    List<Event> again;
    try {
      again =
          process.record(events.stream().map(List::of).toList()).stream().map(events::get).toList();
    } catch (Crash _) {
      deaths.incrementAndGet();
      again = events;
    }
    redelivered.addAndGet(again.size());
    return again;
  }

  /** Checks everything that the stores hold and that others were told. */
  void verify(List<Event> events) {
    Recorded recorded = new Recorded(living.get(), people, history, WORKSPACE);
    assertThat(recorded.faults(events)).isEqualTo(Faults.NONE);
    assertThat(recorded.visible()).isEqualTo(Recorded.expected(events, WORKSPACE));

    Map<String, Long> counted = totals.read(Set.of(Totals.PROFILES, Totals.EVENTS));
    assertThat(counted).containsEntry(Totals.PROFILES, (long) recorded.living().size());
    assertThat(counted.get(Totals.EVENTS))
        .isBetween(events.size() - (long) BATCH * deaths.get(), (long) events.size());

    // Whom a timer names is looked at when it fires, whoever died meanwhile.
    timers.all().forEach(due -> told.add(due.person()));
    assertThat(people.find(told, Freshness.CURRENT).values()).containsAll(recorded.living());
    assertThat(heard.stream().map(Trigger::occurrence).collect(Collectors.toSet()))
        .isEqualTo(
            events.stream()
                .filter(event -> event.type() == EventType.TRACK)
                .map(event -> new Trigger.OfEvent(new PersonId("any"), event).occurrence())
                .collect(Collectors.toSet()));
  }

  @Override
  public String toString() {
    return "%d merges, %d splits, %d contended writes, %d deaths, %d messages came again"
        .formatted(merges.get(), splits.get(), contended.get(), deaths.get(), redelivered.get());
  }

  private People counted(People target) {
    return (People)
        Proxy.newProxyInstance(
            People.class.getClassLoader(),
            new Class<?>[] {People.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(target, arguments);
                if (answer instanceof Saving saving) {
                  count((Change) arguments[0], saving);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void count(Change change, Saving saving) {
    switch (saving) {
      case Saving.Saved _ -> {
        merges.addAndGet(change.absorbed().size());
        splits.addAndGet(
            change.people().stream().anyMatch(person -> isParted(person.reshaped())) ? 1 : 0);
      }
      case Saving.Contended _ -> contended.incrementAndGet();
    }
  }

  private static Set<PersonId> ids(DynamoDbClient dynamo, String table) {
    return dynamo
        .scanPaginator(request -> request.tableName(table).consistentRead(true))
        .items()
        .stream()
        .filter(item -> item.get("sk").s().equals("P") && !item.containsKey("into"))
        .map(item -> new PersonId(item.get("id").s()))
        .collect(Collectors.toSet());
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static boolean isParted(@Nullable Reshaping reshaping) {
    return reshaping != null && reshaping.cause() == Cause.SPLIT;
  }
}
