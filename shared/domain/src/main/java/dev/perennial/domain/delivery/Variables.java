package dev.perennial.domain.delivery;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What templates can name: {@code profile.id}, {@code profile.traits}, {@code event.name} and
 * {@code event.properties}.
 */
public final class Variables {

  private Variables() {}

  public static Fields of(Person person, @Nullable Event event) {
    Fields traits = new Fields(Facts.of(person.facets().values()).traits());
    Map<String, Value> variables = new LinkedHashMap<>();
    variables.put(
        "profile", new Fields(Map.of("id", new Text(person.id().value()), "traits", traits)));
    if (event != null) {
      Map<String, Value> happened = new LinkedHashMap<>();
      if (event.name() != null) {
        happened.put("name", new Text(event.name()));
      }
      happened.put("properties", event.properties());
      variables.put("event", new Fields(happened));
    }
    return new Fields(variables);
  }
}
