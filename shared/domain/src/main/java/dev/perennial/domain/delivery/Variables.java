package dev.perennial.domain.delivery;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Text;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What templates can name: {@code profile.id}, {@code profile.traits}, {@code event.name} and
 * {@code event.properties}.
 */
public final class Variables {

  private Variables() {}

  public static Fields of(Person person, @Nullable Event event) {
    Map<String, Value> traits = new TreeMap<>();
    traits(person)
        .forEach(
            (name, trait) -> {
              if (!(trait.value() instanceof Null)) {
                traits.put(name, trait.value());
              }
            });
    Map<String, Value> variables = new LinkedHashMap<>();
    variables.put(
        "profile",
        new Fields(Map.of("id", new Text(person.id().value()), "traits", new Fields(traits))));
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

  /** The traits of all facets, the latest of each. */
  static Map<String, Trait> traits(Person person) {
    Map<String, Trait> traits = new HashMap<>();
    for (Facet facet : person.facets().values()) {
      facet.traits().forEach((name, trait) -> traits.merge(name, trait, Trait::orLater));
    }
    return traits;
  }
}
