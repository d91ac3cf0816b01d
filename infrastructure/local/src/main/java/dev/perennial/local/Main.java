package dev.perennial.local;

import dev.perennial.local.story.Story;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts the platform in this JVM, plays its story and stays up until Ctrl-C.
 *
 * <p>System properties: {@code local.port} (default 8080, 0 for a free one), {@code local.story}
 * ({@code play} or {@code none}), {@code local.data} (a folder that keeps state; none keeps it in
 * memory). Runs in the root of the repository.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    long started = System.nanoTime();
    Path root = Path.of("").toAbsolutePath();
    Path target = root.resolve("infrastructure/local/target");
    Path marker = target.resolve("not-started.txt");
    Files.deleteIfExists(marker);
    try {
      Story story = Story.read(root.resolve("events"));
      Platform.Options options = new Platform.Options(port(), data(), root, Map.of());
      boolean play = plays();
      System.out.println();
      System.out.println("Perennial starts DynamoDB Local, ElasticMQ and the HTTP front …");
      Platform platform = Platform.start(options);
      Runtime.getRuntime().addShutdownHook(new Thread(platform::close, "close"));
      print(platform, options, Duration.ofNanos(System.nanoTime() - started));
      if (play) {
        play(story, platform);
      }
      System.out.println();
      System.out.println("Ctrl-C stops it.");
      Thread.currentThread().join();
    } catch (StartFailure e) {
      giveUp(target, marker, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // a defect: still one line, and a build that fails
      giveUp(
          target,
          marker,
          e + ", at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]));
    }
  }

  private static void giveUp(Path target, Path marker, String why) throws IOException {
    String line = "Perennial did not start. " + why.lines().findFirst().orElse("");
    new PrintStream(System.err, true, StandardCharsets.UTF_8).println(line);
    if (Files.isDirectory(target)) {
      // read by the build, which says no more than that
      Files.writeString(marker, line + System.lineSeparator());
    }
    System.exit(1);
  }

  /** A story that breaks off leaves the platform up, for whoever wants to see why. */
  private static void play(Story story, Platform platform) throws InterruptedException {
    try {
      story.play(platform.uri(), Stores.SECRET_KEY, System.out);
    } catch (IOException | RuntimeException e) {
      System.out.println();
      System.out.println("The story broke off: " + e.getMessage() + "  See " + platform.log());
    }
  }

  private static void print(Platform platform, Platform.Options options, Duration time) {
    String uri = platform.uri().toString();
    System.out.printf(
        """
        Ready in %.1f s.

          API     %s/v1
          inbox   %s/local/inbox
          clock   %s/local/clock
          keys    %s (write key, may append events)   %s (secret key, all scopes)
          state   %s
          log     %s

          Try     curl -u %s: -H 'content-type: application/json' %s/v1/track \\
                    -d '{"userId":"42","event":"Order Completed","properties":{"total":30}}'
                  curl -H 'authorization: Bearer %s' '%s/v1/profiles?identifier=userId:42'

        """,
        time.toMillis() / 1000.0,
        uri,
        uri,
        uri,
        Stores.WRITE_KEY,
        Stores.SECRET_KEY,
        options.data() == null ? "in memory" : "in " + options.data(),
        platform.log(),
        Stores.WRITE_KEY,
        uri,
        Stores.SECRET_KEY,
        uri);
  }

  private static int port() {
    String text = System.getProperty("local.port", "8080");
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new StartFailure("-Dlocal.port=" + text + " is no port: give a number from 0 to 65535.");
  }

  private static boolean plays() {
    String story = System.getProperty("local.story", "play");
    return switch (story) {
      case "play" -> true;
      case "none" -> false;
      default -> throw new StartFailure("-Dlocal.story=" + story + ": give play or none.");
    };
  }

  private static @Nullable Path data() {
    String folder = System.getProperty("local.data", "");
    if (folder.isEmpty()) {
      return null;
    }
    return data(folder);
  }

  static Path data(String folder) {
    try {
      Path data = Files.createDirectories(Path.of(folder).toAbsolutePath());
      Files.delete(Files.createTempFile(data, "writable", ""));
      return data;
    } catch (IOException | InvalidPathException e) {
      throw new StartFailure(
          "-Dlocal.data="
              + folder
              + " is no folder that can be written: give one, or leave it out.",
          e);
    }
  }
}
