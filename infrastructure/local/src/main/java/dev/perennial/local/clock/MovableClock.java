package dev.perennial.local.clock;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The platform's clock: follows the machine until it is first set, then stands still until it is
 * set again. With a file, a clock that stood still does so again after a restart.
 */
public final class MovableClock implements InstantSource {

  private final InstantSource machine;
  private final @Nullable Path file;
  private volatile @Nullable Instant standing;

  /**
   * @param file where the clock remembers its time, or null to forget it
   */
  public MovableClock(InstantSource machine, @Nullable Path file) {
    this.machine = machine;
    this.file = file;
    this.standing = file != null && Files.exists(file) ? read(file) : null;
  }

  @Override
  public Instant instant() {
    Instant set = standing;
    return set == null ? machine.instant() : set;
  }

  /** Whether the clock was ever set. */
  public boolean standsStill() {
    return standing != null;
  }

  /**
   * Stops the clock at that instant. {@link ClockMoves} does more: it lets happen what falls due on
   * the way.
   */
  void set(Instant at) {
    standing = at;
    if (file != null) {
      try {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, at.toString());
        Files.move(whole, file, ATOMIC_MOVE, REPLACE_EXISTING); // never half a time
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Instant read(Path file) {
    try {
      return Instant.parse(Files.readString(file).strip());
    } catch (DateTimeException e) {
      throw new IllegalStateException(
          "The clock's file " + file + " holds no time: delete it, to follow the machine.", e);
    } catch (IOException e) {
      throw new UncheckedIOException("The clock's file " + file + " cannot be read.", e);
    }
  }
}
