package dev.perennial.local.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.topology.Function;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.joda.time.DateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HostedFunctionTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final byte[] EVENT = event("hello");

  @TempDir Path folder;
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final SwitchedGate gate = new SwitchedGate();
  private FunctionLog log;
  private HostedFunction function;

  @BeforeEach
  void pack() throws IOException, URISyntaxException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    Class<?> handler = TimekeeperHandler.class;
    try (OutputStream file = Files.newOutputStream(lib.resolve("function.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(handler.getName().replace('.', '/') + ".class"));
      try (InputStream code = handler.getResourceAsStream("TimekeeperHandler.class")) {
        code.transferTo(jar);
      }
    }
    Files.copy(jar(SQSEvent.class), lib.resolve("events.jar"));
    Files.copy(jar(DateTime.class), lib.resolve("joda-time.jar")); // Lambda's serializers want it
    log =
        new FunctionLog(
            folder.resolve("functions.log"),
            new PrintStream(console, true, StandardCharsets.UTF_8));
    function =
        new HostedFunction(
            new Function(
                "Timekeeper", "test", 128, Duration.ofSeconds(3), List.of(), List.of(), Set.of()),
            handler.getName(),
            lib,
            gate,
            InstantSource.fixed(NOON),
            log);
  }

  private static Path jar(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @AfterEach
  void close() throws IOException {
    function.close();
    log.close();
  }

  @Test
  void givesTheFunctionItsEnvironmentAndItsOwnClasses() throws Exception {
    assertThat(answer())
        .contains("GREETING=hi")
        .contains("time " + NOON)
        .contains("first m1")
        .contains("name Timekeeper")
        .contains("own events true")
        .contains("host hidden true");
  }

  @Test
  void keepsTheInstanceForTheNextEvent() throws Exception {
    assertThat(answer()).contains("call 1");
    assertThat(answer()).contains("call 2");
  }

  @Test
  void keepsTheInstanceAfterAFailure() throws Exception {
    answer();

    assertThatThrownBy(() -> function.invoke(event("poison"), "test"))
        .isInstanceOf(FailedInvocation.class);

    assertThat(answer()).contains("call 2");
    assertThat(console.toString(StandardCharsets.UTF_8))
        .contains("Timekeeper  test  ")
        .contains("failed: java.lang.IllegalArgumentException: poison")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("functions.log")).content().contains("\tat ");
  }

  @Test
  void startsFromFreshClassesAfterACrash() throws Exception {
    answer();
    gate.crashed = true;

    assertThatThrownBy(() -> function.invoke(EVENT, "test")).isInstanceOf(FailedInvocation.class);

    assertThat(gate.crashed).isFalse();
    assertThat(answer()).contains("call 1");
  }

  @Test
  @Timeout(20)
  void endsWhatTakesTooLongAndStartsFromFreshClasses() throws Exception {
    answer();

    assertThatThrownBy(() -> function.invoke(event("long"), "test"))
        .isInstanceOf(FailedInvocation.class)
        .hasMessageContaining("timed out after 3000 ms");

    assertThat(answer()).contains("call 1");
  }

  @Test
  void failsWhereTheResultIsMoreThanLambdaTakes() {
    assertThatThrownBy(() -> function.invoke(event("huge"), "test"))
        .isInstanceOf(FailedInvocation.class)
        .hasStackTraceContaining("more than Lambda's");
  }

  @Test
  void writesWhatTheFunctionPrintsToTheLog() throws Exception {
    PrintStream before = System.out;
    System.setOut(RoutedOutput.over(before));
    try {
      answer();
    } finally {
      System.setOut(before);
    }

    assertThat(folder.resolve("functions.log"))
        .content()
        .contains("Timekeeper  ERROR printed by the function");
    assertThat(console.toString(StandardCharsets.UTF_8)).contains("ERROR printed by the function");
  }

  private String answer() throws FailedInvocation, InterruptedException {
    return new String(function.invoke(EVENT, "test"), StandardCharsets.UTF_8);
  }

  private static byte[] event(String body) {
    return """
    {"Records":[{"messageId":"m1","body":"%s"}]}
    """
        .formatted(body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static final class SwitchedGate implements Gate {
    private boolean crashed;

    @Override
    public Map<String, String> variables() {
      return Map.of("GREETING", "hi");
    }

    @Override
    public boolean crashed() {
      return crashed;
    }

    @Override
    public void revive() {
      crashed = false;
    }
  }
}
