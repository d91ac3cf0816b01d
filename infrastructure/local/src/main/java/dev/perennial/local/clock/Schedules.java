package dev.perennial.local.clock;

import static dev.perennial.local.Json.JSON;

import dev.perennial.local.hosting.FailedInvocation;
import dev.perennial.local.hosting.HostedFunction;
import dev.perennial.local.queues.Activity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * The functions that EventBridge starts. A run is tried once, as on AWS: the next one does the work
 * of one that failed.
 */
public final class Schedules implements ClockMoves.Tick {

  private final List<HostedFunction> functions;
  private final Activity activity;

  public Schedules(List<HostedFunction> functions, Activity activity) {
    this.functions = List.copyOf(functions);
    this.activity = activity;
  }

  @Override
  public void run(Instant minute) throws InterruptedException {
    try (Activity.Span _ = activity.begin()) {
      for (HostedFunction function : functions) {
        run(function, event(function.function().name(), minute));
      }
    }
  }

  private static void run(HostedFunction function, byte[] event) throws InterruptedException {
    try {
      function.invoke(event, "schedule");
    } catch (FailedInvocation e) {
      // logged by the function's host
    }
  }

  /**
   * A scheduled event as EventBridge sends it.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html">Structure
   *     of events</a>
   */
  static byte[] event(String function, Instant minute) {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.events");
    event.put("account", "000000000000");
    event.put("time", minute.truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", "us-east-1");
    event.putArray("resources").add("arn:aws:events:us-east-1:000000000000:rule/" + function);
    event.putObject("detail");
    return JSON.writeValueAsBytes(event);
  }
}
