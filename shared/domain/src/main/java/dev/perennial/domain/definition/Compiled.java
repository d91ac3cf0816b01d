package dev.perennial.domain.definition;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something made from the definitions and kept until they change. The catalog's version is read at
 * most once per freshness; only when it changed is the thing made again. Safe for use by several
 * threads.
 *
 * @param <T> what is made
 */
public final class Compiled<T> implements Supplier<T> {

  private final Definitions definitions;
  private final Duration freshFor;
  private final LongSupplier nanoTime;
  private final Compiler<T> compiler;
  private @Nullable State<T> state;

  /** How it is made. */
  @FunctionalInterface
  public interface Compiler<T> {

    /**
     * Makes it from definitions that are of that version of the catalog, or newer.
     *
     * @param version the one to go by: {@link Definitions#catalogVersion()}, read once more, may be
     *     an earlier one
     */
    T compile(Definitions definitions, long version);
  }

  private record State<T>(long version, long checkedAt, T made) {}

  /**
   * @param freshFor how long an answer may be used without asking for the version; zero asks each
   *     time
   * @param nanoTime elapsed time of this process: freshness is about reads, not about the
   *     platform's clock, which may stand still
   */
  public Compiled(
      Definitions definitions, Duration freshFor, LongSupplier nanoTime, Compiler<T> compiler) {
    this.definitions = definitions;
    this.freshFor = freshFor;
    this.nanoTime = nanoTime;
    this.compiler = compiler;
  }

  /** On the process's own elapsed time. */
  public Compiled(Definitions definitions, Duration freshFor, Compiler<T> compiler) {
    this(definitions, freshFor, System::nanoTime, compiler);
  }

  @Override
  public synchronized T get() {
    State<T> known = state;
    long now = nanoTime.getAsLong();
    if (known != null && now - known.checkedAt() < freshFor.toNanos()) {
      return known.made();
    }
    // The version first: a change that comes between the two reads is then seen next time, never
    // missed.
    long version = definitions.catalogVersion();
    // What was read may be of a moment ago, or the table was restored from a backup.
    return known != null && version < known.version() ? latest() : made(version, now);
  }

  /** The thing with every change that was made before the call. */
  public synchronized T latest() {
    long now = nanoTime.getAsLong();
    return made(definitions.latestCatalogVersion(), now);
  }

  private T made(long version, long now) {
    State<T> known = state;
    T made =
        known != null && known.version() == version
            ? known.made()
            : compiler.compile(definitions, version);
    state = new State<>(version, now, made);
    return made;
  }
}
