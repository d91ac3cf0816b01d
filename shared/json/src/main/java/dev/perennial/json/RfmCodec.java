package dev.perennial.json;

import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.Scoring.Customer;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts between fifths, {@code {"at","r":[…],"f":[…],"m":[…]}}, and what they are made of. */
public final class RfmCodec {

  private RfmCodec() {}

  public static Fields write(Rfm rfm) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("at", new Text(rfm.at().toString()));
    for (Dimension dimension : Dimension.values()) {
      fields.put(
          JsonNode.name(dimension),
          new Items(rfm.bounds(dimension).stream().<Value>map(Num::new).toList()));
    }
    return new Fields(fields);
  }

  /**
   * The cuts that were written.
   *
   * @throws InvalidDocument when it is none
   */
  public static Rfm read(Value document) {
    JsonObject object = JsonObject.root(document);
    Map<Dimension, List<BigDecimal>> cuts = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      cuts.put(
          dimension,
          object.required(JsonNode.name(dimension)).list().stream().map(JsonNode::number).toList());
    }
    return new Rfm(object.required("at").instant(), cuts);
  }

  /** What customers ordered, one list for each. */
  public static Items write(List<Customer> customers) {
    return new Items(
        customers.stream()
            .<Value>map(
                customer ->
                    new Items(
                        List.of(
                            new Text(customer.key()),
                            Num.of(customer.recency()),
                            Num.of(customer.orders()),
                            new Num(customer.paid()))))
            .toList());
  }

  /** The customers that were written. */
  public static List<Customer> readCustomers(Value value) {
    return JsonNode.root(value).list().stream()
        .map(JsonNode::list)
        .map(
            parts ->
                new Customer(
                    parts.get(0).text(),
                    parts.get(1).number().longValueExact(),
                    parts.get(2).number().longValueExact(),
                    parts.get(3).number()))
        .toList();
  }
}
