package dev.perennial.topology;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A Lambda function.
 *
 * @param name for example {@code RecordEvents}
 * @param module folder under {@code functions/} whose {@code target/lambda} holds the code, for
 *     example {@code identity}
 * @param memoryMiB memory, which also sets the share of CPU
 * @param timeout longest run of one invocation
 * @param settings those that it reads
 */
public record Function(
    String name,
    String module,
    int memoryMiB,
    Duration timeout,
    List<Trigger> triggers,
    List<Grant> grants,
    Set<Setting> settings) {

  public Function {
    triggers = List.copyOf(triggers);
    grants = List.copyOf(grants);
    settings = Set.copyOf(settings);
  }

  /** This function, which reads those settings. */
  Function reading(Setting... settings) {
    return new Function(name, module, memoryMiB, timeout, triggers, grants, Set.of(settings));
  }

  /** Handler class, for example {@code dev.perennial.functions.identity.RecordEventsHandler}. */
  public String handler() {
    return "dev.perennial.functions." + module + "." + name + "Handler";
  }
}
