package dev.perennial.local.hosting;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Where functions write: every line goes to one file, with the machine's UTC time and the
 * function's name in front; lines that warn also go to the console.
 */
public final class FunctionLog implements AutoCloseable {

  private static final Pattern WARNING = Pattern.compile("\\b(WARN|WARNING|ERROR|FATAL|SEVERE)\\b");

  private final Path file;
  private final PrintWriter lines;
  private final PrintStream console;
  private final InstantSource machine = InstantSource.system();

  /** Writes to that file from its beginning. */
  public FunctionLog(Path file, PrintStream console) {
    this.file = file;
    this.console = console;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
      this.lines = new PrintWriter(writer);
    } catch (IOException e) {
      throw new UncheckedIOException("the log " + file + " cannot be written", e);
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** A line of that function, or of that part of the platform. */
  public void line(String who, String text) {
    write(who, text);
    if (WARNING.matcher(text).find()) {
      console.println(who + "  " + text);
    }
  }

  /** Something went wrong: one line on the console, the stack trace in the file. */
  public void failure(String who, String text, Throwable cause) {
    String line = text + ": " + cause;
    console.println(who + "  " + line);
    synchronized (lines) {
      write(who, line);
      cause.printStackTrace(lines);
      lines.flush();
    }
  }

  LambdaLogger logger(String function) {
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        line(function, message.stripTrailing());
      }

      @Override
      public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
      }
    };
  }

  private void write(String who, String text) {
    LocalTime time = LocalTime.ofInstant(machine.instant(), ZoneOffset.UTC);
    lines.println(time.truncatedTo(ChronoUnit.MILLIS) + "  " + who + "  " + text);
    lines.flush();
  }

  @Override
  public void close() {
    lines.close();
  }
}
