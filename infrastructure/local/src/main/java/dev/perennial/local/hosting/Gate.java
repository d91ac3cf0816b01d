package dev.perennial.local.hosting;

import java.util.Map;

/**
 * A function's way to the world outside: what it is told, and whether a crash that was asked for
 * has cut it off.
 */
public interface Gate {

  /** All environment variables of the function. */
  Map<String, String> variables();

  /** Whether the crash has happened: no call gets through any more. */
  boolean crashed();

  /** Lets calls through again, for the instance that replaces the crashed one. */
  void revive();
}
