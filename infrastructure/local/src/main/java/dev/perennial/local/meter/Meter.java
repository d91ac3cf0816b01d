package dev.perennial.local.meter;

import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts what each function's calls would cost on AWS. DynamoDB Local's own figures are not used,
 * since it miscounts transactions. Off until {@linkplain #restart() started}, because it reads
 * items before and after each write. Safe for use by many threads; while several write one item at
 * once, sizes may be those of a neighbouring moment.
 *
 * <p>A call that is refused before it does anything (by its form, a permission or a throttle) costs
 * nothing. One that a condition or another writer refuses costs what it would have cost; AWS says
 * so of conditions only, so of the others this is an upper bound. The size that a refused update
 * would have made is not known, so the stored item's counts. Tables have no indexes.
 */
public final class Meter {

  /**
   * What a function used since the start.
   *
   * @param calls by action, for example {@code sqs:SendMessageBatch}
   * @param writtenItems items that were put, updated or deleted
   */
  public record Usage(Map<String, Long> calls, Units units, long writtenItems) {
    private static final Usage NONE = new Usage(Map.of(), Units.NONE, 0);

    private Usage plus(String action, Units more, long written) {
      Map<String, Long> counted = new TreeMap<>(calls);
      counted.merge(action, 1L, Long::sum);
      return new Usage(counted, units.plus(more), writtenItems + written);
    }
  }

  /** The tables themselves, past all counting. */
  @FunctionalInterface
  public interface Store {
    /** What the operation answers, for example {@code GetItem}. */
    Fields answer(String operation, Fields request);

    /** The size of the item of that key, in bytes; 0 when there is none. */
    default int size(String table, Fields key) {
      Fields request =
          new Fields(
              Map.of("TableName", new Text(table), "Key", key, "ConsistentRead", new Bool(true)));
      return answer("GetItem", request).get("Item") instanceof Fields item ? ItemSize.of(item) : 0;
    }
  }

  private final Store store;
  private final Map<String, Usage> usage = new TreeMap<>();
  private boolean running;

  public Meter(Store store) {
    this.store = store;
  }

  /** Forgets what was counted and counts from now on. */
  public synchronized void restart() {
    usage.clear();
    running = true;
  }

  /** What each function used, by its name. */
  public synchronized Map<String, Usage> usage() {
    return new TreeMap<>(usage);
  }

  /** Carries a call out and counts it. */
  public <T> T measure(
      String function, String action, byte[] request, Supplier<T> call, Function<T, byte[]> body) {
    if (!isRunning()) {
      return call.get();
    }
    if (!action.startsWith("dynamodb:")) {
      count(function, action, Units.NONE, 0);
      return call.get();
    }
    String operation = action.substring("dynamodb:".length());
    Fields asked = (Fields) Json.readOwn(request);
    List<Write> writes = Write.of(operation, asked).stream().map(write -> write.or(store)).toList();
    T answer = call.get();
    Outcome outcome = Outcome.of(body.apply(answer));
    switch (outcome.kind()) {
      case REFUSED -> count(function, action, Units.NONE, 0);
      case CONTENDED -> count(function, action, cost(operation, writes), 0);
      case DONE -> {
        if (writes.isEmpty()) {
          count(function, action, new Reads(store).cost(operation, asked, outcome.answer()), 0);
        } else {
          List<Write> done = Write.done(writes, outcome.answer());
          long written = done.stream().filter(Write::changes).count();
          count(function, action, cost(operation, done), written);
        }
      }
    }
    return answer;
  }

  private Units cost(String operation, List<Write> writes) {
    Units units = Units.NONE;
    for (Write write : writes) {
      Units one = Units.write(write.or(store).size());
      units = units.plus(operation.startsWith("Transact") ? one.transactional() : one);
    }
    return units;
  }

  private synchronized boolean isRunning() {
    return running;
  }

  private synchronized void count(String function, String action, Units units, long written) {
    usage.put(function, usage.getOrDefault(function, Usage.NONE).plus(action, units, written));
  }

  /** What became of a call. */
  private record Outcome(Kind kind, Fields answer) {

    enum Kind {
      DONE,
      /** A condition or another writer was in the way. */
      CONTENDED,
      /** Not even tried. */
      REFUSED
    }

    static Outcome of(byte[] body) {
      Fields answer = body.length == 0 ? Fields.EMPTY : (Fields) Json.readOwn(body);
      String type = answer.text("__type");
      if (type == null) {
        return new Outcome(Kind.DONE, answer);
      }
      return switch (type.substring(type.indexOf('#') + 1)) {
        case "ConditionalCheckFailedException",
            "TransactionCanceledException",
            "TransactionConflictException" ->
            new Outcome(Kind.CONTENDED, answer);
        default -> new Outcome(Kind.REFUSED, answer);
      };
    }
  }
}
