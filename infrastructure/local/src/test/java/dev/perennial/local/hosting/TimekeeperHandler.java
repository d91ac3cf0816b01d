package dev.perennial.local.hosting;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A function for tests, to be packaged: reports what it sees as ids of failed messages. */
public final class TimekeeperHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  private final Map<?, ?> environment;
  private int calls;

  public TimekeeperHandler() {
    environment = (Map<?, ?>) ((Supplier<?>) getClass().getClassLoader()).get();
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    switch (event.getRecords().getFirst().getBody()) {
      case "poison" -> throw new IllegalArgumentException("poison");
      case "huge" -> {
        String much = "x".repeat(7 * 1024 * 1024);
        return new SQSBatchResponse(List.of(new SQSBatchResponse.BatchItemFailure(much)));
      }
      case "long" -> {
        long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        while (System.nanoTime() < end) {
          Thread.onSpinWait(); // deaf to interruption
        }
      }
      default -> {}
    }
    System.out.println("ERROR printed by the function");
    Map<?, ?> variables = (Map<?, ?>) environment.get("variables");
    InstantSource clock = (InstantSource) environment.get("clock");
    List<String> seen = new ArrayList<>();
    seen.add("call " + ++calls);
    seen.add("GREETING=" + variables.get("GREETING"));
    seen.add("time " + clock.instant());
    seen.add("first " + event.getRecords().getFirst().getMessageId());
    seen.add("name " + context.getFunctionName());
    seen.add("own events " + SQSEvent.class.getClassLoader().equals(getClass().getClassLoader()));
    seen.add("host hidden " + hidden("dev.perennial.topology.Topology"));
    return new SQSBatchResponse(seen.stream().map(SQSBatchResponse.BatchItemFailure::new).toList());
  }

  private boolean hidden(String name) {
    try {
      Class.forName(name, false, getClass().getClassLoader());
      return false;
    } catch (ClassNotFoundException e) {
      return true;
    }
  }
}
