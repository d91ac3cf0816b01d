package dev.perennial.local.meter;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts what each function's calls would cost on AWS. DynamoDB Local's own figures are not used,
 * since it miscounts transactions. Off until {@linkplain #restart() started}, because it reads
 * items before and after each write. Safe for use by many threads; while several write one item at
 * once, sizes may be those of a neighbouring moment.
 *
 * <p>Reads that filter or project cost what they pass over; the meter sees only what comes back, so
 * functions do neither.
 */
public final class Meter {

  /**
   * What a function used since the start.
   *
   * @param calls by action, for example {@code sqs:SendMessageBatch}
   */
  public record Usage(Map<String, Long> calls, Units units) {
    Usage plus(String action, Units more) {
      Map<String, Long> counted = new TreeMap<>(calls);
      counted.merge(action, 1L, Long::sum);
      return new Usage(counted, units.plus(more));
    }
  }

  /** Reads an item, past all counting. */
  @FunctionalInterface
  public interface StoredItems {
    /** The item in DynamoDB's JSON. */
    Optional<Fields> find(String table, Fields key);
  }

  private final StoredItems items;
  private final Map<String, Usage> usage = new TreeMap<>();
  private boolean running;

  public Meter(StoredItems items) {
    this.items = items;
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
      count(function, action, Units.NONE);
      return call.get();
    }
    String operation = action.substring("dynamodb:".length());
    Fields asked = (Fields) Json.readOwn(request);
    List<Write> writes = writes(operation, asked);
    List<Integer> before = writes.stream().map(this::storedSize).toList();
    T answer = call.get();
    Units units = Units.NONE;
    for (int i = 0; i < writes.size(); i++) {
      Write write = writes.get(i);
      int size = Math.max(before.get(i), Math.max(write.size(), storedSize(write)));
      Units one = Units.write(size);
      units = units.plus(operation.startsWith("Transact") ? one.transactional() : one);
    }
    if (writes.isEmpty()) {
      units = reads(operation, asked, (Fields) Json.readOwn(body.apply(answer)));
    }
    count(function, action, units);
    return answer;
  }

  private synchronized boolean isRunning() {
    return running;
  }

  private synchronized void count(String function, String action, Units units) {
    usage.merge(
        function, new Usage(Map.of(action, 1L), units), (sum, _) -> sum.plus(action, units));
  }

  /** A write, or a check that costs as much. */
  private record Write(String table, Fields key, int size) {}

  private int storedSize(Write write) {
    return items.find(write.table(), write.key()).map(ItemSize::of).orElse(0);
  }

  private static List<Write> writes(String operation, Fields asked) {
    return switch (operation) {
      case "PutItem", "UpdateItem", "DeleteItem" -> List.of(write(asked));
      case "TransactWriteItems" -> {
        List<Write> writes = new ArrayList<>();
        for (Value part : list(asked, "TransactItems")) {
          for (Value one : ((Fields) part).fields().values()) {
            writes.add(write((Fields) one));
          }
        }
        yield writes;
      }
      default -> List.of();
    };
  }

  private static Write write(Fields asked) {
    String table = Optional.ofNullable(asked.text("TableName")).orElseThrow();
    if (asked.get("Item") instanceof Fields item) {
      Map<String, Value> key = new TreeMap<>(item.fields());
      key.keySet().retainAll(List.of("pk", "sk"));
      return new Write(table, new Fields(key), ItemSize.of(item));
    }
    return new Write(table, (Fields) Optional.ofNullable(asked.get("Key")).orElseThrow(), 0);
  }

  private static Units reads(String operation, Fields asked, Fields answer) {
    boolean consistent = consistent(asked);
    return switch (operation) {
      case "GetItem" ->
          Units.read(answer.get("Item") instanceof Fields item ? ItemSize.of(item) : 0, consistent);
      case "Query", "Scan" ->
          Units.read(
              list(answer, "Items").stream().mapToInt(item -> ItemSize.of((Fields) item)).sum(),
              consistent);
      case "BatchGetItem" -> batch(asked, answer);
      default -> throw new IllegalArgumentException("the meter does not know " + operation);
    };
  }

  /** Each item is rounded up by itself; each that is not there costs as much as the smallest. */
  private static Units batch(Fields asked, Fields answer) {
    Units units = Units.NONE;
    Fields responses = answer.get("Responses") instanceof Fields fields ? fields : Fields.EMPTY;
    for (Map.Entry<String, Value> table :
        ((Fields) Optional.ofNullable(asked.get("RequestItems")).orElseThrow())
            .fields()
            .entrySet()) {
      boolean consistent = consistent((Fields) table.getValue());
      List<Value> found = list(responses, table.getKey());
      for (Value item : found) {
        units = units.plus(Units.read(ItemSize.of((Fields) item), consistent));
      }
      int missing = list((Fields) table.getValue(), "Keys").size() - found.size();
      for (int i = 0; i < missing; i++) {
        units = units.plus(Units.read(0, consistent));
      }
    }
    return units;
  }

  private static boolean consistent(Fields asked) {
    return asked.get("ConsistentRead") instanceof Bool(boolean truth) && truth;
  }

  private static List<Value> list(Fields fields, String name) {
    return fields.get(name) instanceof Items items ? items.items() : List.of();
  }
}
