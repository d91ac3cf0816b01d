package dev.perennial.domain.definition;

import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The store of definitions. Every change also counts up {@link #catalogVersion()}, atomically, so
 * that whoever keeps something made from definitions can tell with one read whether it still holds.
 * Versions of a definition never restart, not even after it was deleted.
 */
public interface Definitions {

  /**
   * How many changes there were, or a moment ago; 0 when nothing was ever defined. Two reads may
   * come back in either order.
   */
  long catalogVersion();

  /** As {@link #catalogVersion()}, with every change that was made before the call. */
  long latestCatalogVersion();

  /**
   * Makes the next version, with that status, and returns it. When two do so at once, one makes the
   * version after the other's.
   */
  default Definition put(Kind kind, String id, Fields document, String status, Instant at) {
    return put(kind, id, document, status, Set.of(), at);
  }

  /**
   * Makes the next version and returns it. When two do so at once, one makes the version after the
   * other's.
   *
   * @param status that it then has, unless it has one of {@code kept} at that instant
   */
  default Definition put(
      Kind kind, String id, Fields document, String status, Set<String> kept, Instant at) {
    return put(
            kind,
            id,
            newest ->
                Optional.of(
                    new Next(
                        document,
                        newest.map(Definition::status).filter(kept::contains).orElse(status),
                        at)))
        .orElseThrow();
  }

  /** A version to be made. */
  record Next(Fields document, String status, Instant at) {}

  /**
   * Makes the next version of the one before, or leaves it at that, and returns the newest then;
   * empty when there is none. When two do so at once, one makes its version of the other's.
   *
   * @param next of the newest version, empty when there is none; asked again when it is not the
   *     newest any more, or has another status
   */
  Optional<Definition> put(
      Kind kind, String id, Function<Optional<Definition>, Optional<Next>> next);

  /**
   * Changes the status of the newest version from one to another.
   *
   * @return false when there is no such definition or its status is not {@code from}
   */
  boolean changeStatus(Kind kind, String id, String from, String to);

  /**
   * Makes the newest version the launched one and changes the status from one to another.
   *
   * @return false when there is no such definition, its status is not {@code from}, or its newest
   *     version is another
   */
  boolean launch(Kind kind, String id, int version, String from, String to);

  /** The newest version. */
  Optional<Definition> find(Kind kind, String id);

  /**
   * That version; also found after newer ones were made or the definition was deleted. Its status
   * is that of the definition as a whole, {@link Definition#DELETED} when there is none any more.
   */
  Optional<Definition> find(Kind kind, String id, int version);

  /** The last version of one that was deleted and not made anew. */
  Optional<Definition> findDeleted(Kind kind, String id);

  /** The newest versions, by id. */
  List<Definition> list(Kind kind);

  /** Whether there was one to delete. */
  boolean delete(Kind kind, String id);
}
