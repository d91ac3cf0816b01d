package dev.perennial.local.aws;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local as a child process, which dies with this one.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html">Usage
 *     notes</a>
 */
final class DynamoDbLocal implements AutoCloseable {

  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 20;

  private final Process process;
  private final JsonProtocol client;
  private final URI uri;

  private DynamoDbLocal(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
    this.client = new JsonProtocol(uri, "DynamoDB_20120810");
  }

  /**
   * Starts it on a free loopback port and waits until it answers.
   *
   * @param libraries folder of its jars and native libraries
   * @param data folder for its database, or null to keep it in memory
   * @param logs folder for what it prints, in a file that its port names
   * @throws IllegalStateException when it does not start
   */
  static DynamoDbLocal start(Path libraries, @Nullable Path data, Path logs) {
    try {
      int port = freePort();
      Path log = logs.resolve("dynamodb-local-" + port + ".log");
      ProcessBuilder builder = new ProcessBuilder(command(libraries, data, port));
      builder.environment().put("DDB_LOCAL_TELEMETRY", "0");
      if (data != null) {
        Files.createDirectories(data);
      }
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      DynamoDbLocal started = new DynamoDbLocal(process, URI.create("http://127.0.0.1:" + port));
      started.awaitReadiness(log);
      return started;
    } catch (IOException e) {
      throw new IllegalStateException("DynamoDB Local did not start: " + e.getMessage(), e);
    }
  }

  URI uri() {
    return uri;
  }

  JsonProtocol client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(Path libraries, @Nullable Path data, int port) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    // C2 makes a long run two to three times cheaper, but from the beginning it would slow the
    // start by a second.
    command.addAll(
        List.of("-XX:Tier4InvocationThreshold=20000", "-XX:Tier4MinInvocationThreshold=20000"));
    command.add("-Djava.library.path=" + libraries);
    command.add("-cp");
    command.add(libraries.resolve("*") + File.pathSeparator + ownClasses());
    command.add(Leash.class.getName());
    command.add("software.amazon.dynamodb.services.local.main.ServerRunner");
    command.addAll(List.of("-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)));
    command.addAll(data == null ? List.of("-inMemory") : List.of("-dbPath", data.toString()));
    return command;
  }

  private static Path ownClasses() {
    try {
      return Path.of(Leash.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReadiness(Path log) {
    long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException("DynamoDB Local did not start: " + lastLine(log));
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
        throw new IllegalStateException("interrupted while DynamoDB Local started", e);
      }
    }
  }

  private boolean answers() {
    try {
      client.call("ListTables", "{}");
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static String lastLine(Path log) {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> !line.isBlank()).reduce("no output", (_, line) -> line)
          + " ("
          + log
          + ")";
    } catch (IOException | UncheckedIOException _) {
      return "see " + log;
    }
  }
}
