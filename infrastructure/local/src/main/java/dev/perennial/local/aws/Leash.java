package dev.perennial.local.aws;

import java.io.IOException;
import java.util.Arrays;

/**
 * Main class of a child process that runs another main class and ends when its standard input does:
 * with its parent, however that one died. Ctrl-C, which the terminal sends to both, is the parent's
 * to answer: it still needs the child for its last work.
 */
final class Leash {

  private Leash() {}

  /** Arguments: the main class, then its own arguments. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    ignoreInterrupts();
    Thread.ofPlatform().daemon().name("leash").start(Leash::endWithParent);
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  /**
   * {@code Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN)}, by reflection because the
   * compiler's warning about that class cannot be suppressed.
   */
  private static void ignoreInterrupts() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance("INT"),
            handler.getField("SIG_IGN").get(null));
  }

  private static void endWithParent() {
    try {
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException _) {
      // The parent is gone too.
    }
    Runtime.getRuntime().halt(0);
  }
}
