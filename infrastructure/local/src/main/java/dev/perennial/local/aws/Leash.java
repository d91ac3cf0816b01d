package dev.perennial.local.aws;

import java.io.IOException;
import java.util.Arrays;

/**
 * Main class of a child process that runs another main class and ends when its standard input does:
 * with its parent, however that one died.
 */
final class Leash {

  private Leash() {}

  /** Arguments: the main class, then its own arguments. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread.ofPlatform().daemon().name("leash").start(Leash::endWithParent);
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
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
