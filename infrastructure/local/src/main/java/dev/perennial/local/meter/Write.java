package dev.perennial.local.meter;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One item that a request writes, or checks, which costs as much.
 *
 * @param size of the largest form of the item that is known, in bytes; 0 while none is
 * @param changes whether it writes
 */
record Write(String table, Fields key, int size, boolean changes) {

  private static final Set<String> KEY = Set.of("pk", "sk");

  /** The writes of a request; none when it only reads. */
  static List<Write> of(String operation, Fields asked) {
    return switch (operation) {
      case "PutItem", "UpdateItem", "DeleteItem" -> List.of(of(asked, true));
      case "TransactWriteItems" -> {
        List<Write> writes = new ArrayList<>();
        for (Fields part : list(asked, "TransactItems")) {
          part.fields()
              .forEach((kind, one) -> writes.add(of((Fields) one, !kind.equals("ConditionCheck"))));
        }
        yield writes;
      }
      case "BatchWriteItem" -> batch(asked, "RequestItems");
      default -> List.of();
    };
  }

  /** Those that were carried out: a batch may leave some for later. */
  static List<Write> done(List<Write> writes, Fields answer) {
    List<Write> left = batch(answer, "UnprocessedItems");
    return writes.stream()
        .filter(write -> left.stream().noneMatch(other -> write.sameItem(other)))
        .toList();
  }

  /** This with the size of the stored item, if that is larger. */
  Write or(Meter.Store store) {
    return new Write(table, key, Math.max(size, store.size(table, key)), changes);
  }

  private boolean sameItem(Write other) {
    return table.equals(other.table) && key.equals(other.key);
  }

  private static List<Write> batch(Fields fields, String name) {
    List<Write> writes = new ArrayList<>();
    if (fields.get(name) instanceof Fields tables) {
      for (String table : tables.fields().keySet()) {
        for (Fields part : list(tables, table)) {
          for (Value one : part.fields().values()) {
            writes.add(of(table, (Fields) one, true));
          }
        }
      }
    }
    return writes;
  }

  private static Write of(Fields asked, boolean changes) {
    return of(Optional.ofNullable(asked.text("TableName")).orElseThrow(), asked, changes);
  }

  private static Write of(String table, Fields asked, boolean changes) {
    if (asked.get("Item") instanceof Fields item) {
      Map<String, Value> key = new TreeMap<>(item.fields());
      key.keySet().retainAll(KEY);
      return new Write(table, new Fields(key), ItemSize.of(item), changes);
    }
    return new Write(
        table, (Fields) Optional.ofNullable(asked.get("Key")).orElseThrow(), 0, changes);
  }

  /** The objects of a list; none when there is no such list. */
  static List<Fields> list(Fields fields, String name) {
    return fields.get(name) instanceof Items items
        ? items.items().stream().map(Fields.class::cast).toList()
        : List.of();
  }
}
