package dev.perennial.lambda;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a function is told from outside: variables and the time.
 *
 * @param clock the platform's clock; nothing else tells a function the time
 */
public record Environment(Map<String, String> variables, InstantSource clock) {

  public Environment {
    variables = Map.copyOf(variables);
  }

  /**
   * The environment of this process; or that of the class loader which loaded this very class, when
   * it supplies one as a map of {@code variables} (a map of strings) and {@code clock} (an {@link
   * InstantSource}). So several functions live in one process, each in a loader of its own, without
   * one setting variables for all.
   */
  public static Environment current() {
    if (Environment.class.getClassLoader() instanceof Supplier<?> loader
        && loader.get() instanceof Map<?, ?> supplied
        && supplied.get("variables") instanceof Map<?, ?> variables
        && supplied.get("clock") instanceof InstantSource clock) {
      Map<String, String> texts = new HashMap<>();
      variables.forEach((name, value) -> texts.put((String) name, (String) value));
      return new Environment(texts, clock);
    }
    return new Environment(System.getenv(), InstantSource.system());
  }

  /**
   * The variable.
   *
   * @throws IllegalStateException when it is not set or blank
   */
  public String require(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalStateException("the variable " + name + " is not set"));
  }

  /** The variable, or empty when it is not set or blank. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** The workspace served, {@code main} unless {@code WORKSPACE} says otherwise. */
  public String workspace() {
    return find("WORKSPACE").orElse("main");
  }
}
