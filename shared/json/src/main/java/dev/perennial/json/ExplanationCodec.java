package dev.perennial.json;

import dev.perennial.domain.segment.Explanation;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import java.util.LinkedHashMap;
import java.util.Map;

/** Explanations as teams read them: {@code {"condition","holds","decided","found","parts":[…]}}. */
public final class ExplanationCodec {

  private ExplanationCodec() {}

  public static Fields write(Explanation explanation) {
    Map<String, Value> fields = new LinkedHashMap<>();
    if (explanation.parts().isEmpty()) {
      fields.put("condition", ConditionCodec.write(explanation.condition()));
    } else {
      fields.put("form", ConditionCodec.form(explanation.condition()));
    }
    fields.put("holds", new Bool(explanation.holds()));
    fields.put("decided", new Bool(explanation.decided()));
    if (explanation.found() != null) {
      fields.put("found", explanation.found());
    }
    if (!explanation.parts().isEmpty()) {
      fields.put(
          "parts",
          new Items(explanation.parts().stream().<Value>map(ExplanationCodec::write).toList()));
    }
    return new Fields(fields);
  }
}
