package dev.perennial.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.testkit.Invocation;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StructuredLogTest {

  private final Invocation invocation = new Invocation();

  @Test
  void aFaultNamesWhereItAroseAndWhatOfThePlatformLedThere() {
    IllegalStateException fault = new IllegalStateException("ada@example.com");
    StackTraceElement[] frames = new StackTraceElement[30];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new StackTraceElement("com.example.Client", "step" + i, "Client.java", i);
    }
    frames[20] = new StackTraceElement("dev.perennial.Decision", "decide", "Decision.java", 7);
    fault.setStackTrace(frames);

    new StructuredLog(invocation).error("A message failed", fault, Map.of());

    assertThat(invocation.logged())
        .singleElement()
        .asString()
        .contains("IllegalStateException")
        .contains("com.example.Client.step0")
        .contains("dev.perennial.Decision.decide")
        .doesNotContain("step1", "ada@example.com");
  }
}
