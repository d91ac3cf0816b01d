package dev.perennial.local.hosting;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output while functions run in this JVM: what a function's thread prints goes to the
 * function's log, everything else where it went before. A thread is a function's when its context
 * class loader is.
 */
public final class RoutedOutput extends OutputStream {

  private final PrintStream before;
  private final ThreadLocal<ByteArrayOutputStream> line =
      ThreadLocal.withInitial(ByteArrayOutputStream::new);

  private RoutedOutput(PrintStream before) {
    this.before = before;
  }

  /** A stream to give to {@link System#setOut} or {@link System#setErr}. */
  public static PrintStream over(PrintStream before) {
    return new PrintStream(new RoutedOutput(before), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int octet) {
    if (!(Thread.currentThread().getContextClassLoader() instanceof FunctionClassLoader loader)) {
      before.write(octet);
      return;
    }
    ByteArrayOutputStream text = line.get();
    if (octet != '\n') {
      text.write(octet);
    } else if (text.size() > 0) {
      loader.log().line(loader.getName(), text.toString(StandardCharsets.UTF_8).stripTrailing());
      text.reset();
    }
  }

  @Override
  public void write(byte[] octets, int offset, int length) {
    if (Thread.currentThread().getContextClassLoader() instanceof FunctionClassLoader) {
      for (int i = offset; i < offset + length; i++) {
        write(octets[i]);
      }
    } else {
      before.write(octets, offset, length);
    }
  }

  @Override
  public void flush() {
    before.flush();
  }
}
