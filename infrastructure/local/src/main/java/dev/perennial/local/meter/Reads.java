package dev.perennial.local.meter;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What reads cost: the items that they pass over, whole, whatever of them comes back. Where a
 * filter or a projection hides that, the items are looked up.
 */
record Reads(Meter.Store store) {

  private static final Pattern PLACEHOLDER = Pattern.compile("[#:]\\w+");

  /** Parts of a query or scan that change what comes back, not what it costs. */
  private static final Set<String> HIDING =
      Set.of(
          "FilterExpression",
          "ProjectionExpression",
          "AttributesToGet",
          "QueryFilter",
          "ScanFilter",
          "Select");

  Units cost(String operation, Fields asked, Fields answer) {
    boolean consistent = consistent(asked);
    return switch (operation) {
      case "GetItem" -> Units.read(size(asked, answer), consistent);
      case "Query", "Scan" ->
          Units.read(
              passedOver(operation, asked, answer).stream().mapToInt(ItemSize::of).sum(),
              consistent);
      case "BatchGetItem" -> batch(asked, answer);
      case "TransactGetItems" -> transaction(asked, answer);
      default -> throw new IllegalArgumentException("the meter does not know " + operation);
    };
  }

  /** Of an item that was asked for by its key; 0 when it is not there. */
  private int size(Fields asked, Fields answer) {
    return hides(asked)
        ? store.size(
            Optional.ofNullable(asked.text("TableName")).orElseThrow(), fields(asked, "Key"))
        : answer.get("Item") instanceof Fields item ? ItemSize.of(item) : 0;
  }

  private List<Fields> passedOver(String operation, Fields asked, Fields answer) {
    if (asked.get("IndexName") != null) {
      throw new IllegalArgumentException("the meter knows no indexes");
    }
    if (!hides(asked)) {
      return Write.list(answer, "Items");
    }
    if (!(answer.get("ScannedCount") instanceof Num(var scanned)) || scanned.signum() == 0) {
      return List.of();
    }
    Map<String, Value> plain = new HashMap<>(asked.fields());
    plain.keySet().removeAll(HIDING);
    plain.put("Limit", new Num(scanned));
    Set<String> used = placeholders(asked.text("KeyConditionExpression"));
    for (String names : List.of("ExpressionAttributeNames", "ExpressionAttributeValues")) {
      if (plain.remove(names) instanceof Fields all) {
        Fields kept = only(all, used);
        if (!kept.isEmpty()) {
          plain.put(names, kept); // one that no expression uses is an error
        }
      }
    }
    return Write.list(store.answer(operation, new Fields(plain)), "Items");
  }

  /** Each item is rounded up by itself; each that is not there costs as much as the smallest. */
  private Units batch(Fields asked, Fields answer) {
    Units units = Units.NONE;
    Fields tables = (Fields) Optional.ofNullable(asked.get("RequestItems")).orElseThrow();
    for (Map.Entry<String, Value> table : tables.fields().entrySet()) {
      Fields of = (Fields) table.getValue();
      Set<Fields> keys = new HashSet<>(Write.list(of, "Keys"));
      keys.removeAll(Write.list(fields(fields(answer, "UnprocessedKeys"), table.getKey()), "Keys"));
      if (hides(of)) {
        for (Fields key : keys) {
          units = units.plus(Units.read(store.size(table.getKey(), key), consistent(of)));
        }
      } else {
        List<Fields> found = Write.list(fields(answer, "Responses"), table.getKey());
        for (Fields item : found) {
          units = units.plus(Units.read(ItemSize.of(item), consistent(of)));
        }
        for (int missing = found.size(); missing < keys.size(); missing++) {
          units = units.plus(Units.read(0, consistent(of)));
        }
      }
    }
    return units;
  }

  private Units transaction(Fields asked, Fields answer) {
    Units units = Units.NONE;
    List<Fields> gets = Write.list(asked, "TransactItems");
    List<Fields> responses = Write.list(answer, "Responses");
    for (int i = 0; i < gets.size(); i++) {
      int size = size(fields(gets.get(i), "Get"), responses.get(i));
      units = units.plus(Units.read(size, true).transactional());
    }
    return units;
  }

  private static boolean hides(Fields asked) {
    return asked.fields().keySet().stream().anyMatch(HIDING::contains);
  }

  private static boolean consistent(Fields asked) {
    return asked.get("ConsistentRead") instanceof Bool(boolean truth) && truth;
  }

  private static Set<String> placeholders(@Nullable String expression) {
    Set<String> placeholders = new HashSet<>();
    Matcher matcher = PLACEHOLDER.matcher(expression == null ? "" : expression);
    while (matcher.find()) {
      placeholders.add(matcher.group());
    }
    return placeholders;
  }

  private static Fields fields(Fields fields, String name) {
    return fields.get(name) instanceof Fields found ? found : Fields.EMPTY;
  }

  private static Fields only(Fields fields, Set<String> names) {
    Map<String, Value> kept = new HashMap<>(fields.fields());
    kept.keySet().retainAll(names);
    return new Fields(kept);
  }
}
