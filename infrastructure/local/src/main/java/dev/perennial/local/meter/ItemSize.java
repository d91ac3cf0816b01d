package dev.perennial.local.meter;

import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The size of an item as DynamoDB counts it, in bytes: names and values, text in UTF-8, binary as
 * it is, a number by pairs of digits, 3 bytes for a list or map and 1 for each of its elements.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">Item
 *     sizes</a>
 */
final class ItemSize {

  private static final int CONTAINER = 3;
  private static final int ELEMENT = 1;

  private ItemSize() {}

  /** The size of an item in DynamoDB's JSON, for example <code>{"pk":{"S":"P#1"}}</code>. */
  static int of(Fields item) {
    int size = 0;
    for (Map.Entry<String, Value> attribute : item.fields().entrySet()) {
      size += utf8(attribute.getKey()) + ofValue((Fields) attribute.getValue());
    }
    return size;
  }

  private static int ofValue(Fields typed) {
    Map.Entry<String, Value> value = typed.fields().entrySet().iterator().next();
    return switch (value.getKey()) {
      case "S" -> utf8(text(value.getValue()));
      case "N" -> number(text(value.getValue()));
      case "B" -> base64(text(value.getValue()));
      case "SS" -> elements(value.getValue(), "S", 0);
      case "NS" -> elements(value.getValue(), "N", 0);
      case "BS" -> elements(value.getValue(), "B", 0);
      case "L" -> CONTAINER + elements(value.getValue(), "", ELEMENT);
      case "M" -> {
        Fields map = (Fields) value.getValue();
        yield CONTAINER + of(map) + ELEMENT * map.fields().size();
      }
      case "BOOL", "NULL" -> 1;
      default -> throw new IllegalArgumentException("no DynamoDB type: " + value.getKey());
    };
  }

  /** The elements of a set, all of one type, or of a list, each typed. */
  private static int elements(Value list, String type, int overhead) {
    int size = 0;
    for (Value element : ((Items) list).items()) {
      size +=
          overhead + ofValue(type.isEmpty() ? (Fields) element : new Fields(Map.of(type, element)));
    }
    return size;
  }

  private static int number(String text) {
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    int digits = number.signum() == 0 ? 0 : number.precision();
    return 1 + (digits + 1) / 2 + (number.signum() < 0 ? 1 : 0);
  }

  private static int base64(String text) {
    int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    return text.length() / 4 * 3 - padding;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String text(Value value) {
    return switch (value) {
      case Text(String text) -> text;
      case Num(BigDecimal number) -> number.toPlainString();
      case Bool _, Null _, Items _, Fields _ -> throw new IllegalArgumentException("no text");
    };
  }
}
