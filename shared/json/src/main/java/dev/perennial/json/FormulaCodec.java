package dev.perennial.json;

import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.Formula;
import dev.perennial.domain.segment.Formula.Operation;
import dev.perennial.domain.value.Value.Num;
import java.time.Duration;
import java.util.List;

/**
 * Computed traits as teams write them: {@code {"description","value":FORMULA}}, where a formula is
 * a number, a number made of events as conditions ask for it, or {@code
 * {"divide":[FORMULA,FORMULA]}} and likewise {@code plus}, {@code minus}, {@code times}. It is at
 * most {@value #DEPTH} levels deep.
 */
public final class FormulaCodec {

  private static final int DEPTH = 5;
  private static final int LONGEST_NAME = 256;

  private FormulaCodec() {}

  /**
   * The formula of a computed trait.
   *
   * @throws InvalidDocument when it is none
   */
  public static Formula read(JsonObject document) {
    document.optional("description").ifPresent(JsonNode::text);
    Formula formula = read(document.required("value"), 1);
    document.refuseOthers();
    return formula;
  }

  private static Formula read(JsonNode node, int depth) {
    if (depth > DEPTH) {
      throw node.invalid("is more than " + DEPTH + " levels deep");
    }
    if (node.value() instanceof Num) {
      return new Formula.Constant(node.number());
    }
    JsonObject object = node.object();
    for (Operation operation : Operation.values()) {
      String name = JsonNode.name(operation);
      if (object.has(name)) {
        List<JsonNode> both = object.required(name).list();
        if (both.size() != 2) {
          throw object.required(name).invalid("must have two formulas");
        }
        object.refuseOthers();
        return new Formula.Calculation(
            operation, read(both.getFirst(), depth + 1), read(both.getLast(), depth + 1));
      }
    }
    if (!object.has("event")) {
      throw node.invalid(
          "must be a formula: a number, or an object with one of event, plus, minus, times,"
              + " divide");
    }
    Formula formula = ofEvents(object);
    object.refuseOthers();
    return formula;
  }

  private static Formula ofEvents(JsonObject object) {
    EventFilter events = EventsCodec.read(object);
    Duration within = object.optional("within").map(ConditionCodec::duration).orElse(null);
    for (Aggregate aggregate : Aggregate.values()) {
      String name = JsonNode.name(aggregate);
      if (aggregate != Aggregate.COUNT && object.has(name)) {
        return Formula.ofEvents(
            events, within, aggregate, object.required(name).text(LONGEST_NAME));
      }
    }
    return Formula.ofEvents(events, within, Aggregate.COUNT, null);
  }
}
