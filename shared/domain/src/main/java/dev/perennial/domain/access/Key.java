package dev.perennial.domain.access;

import dev.perennial.domain.event.Event.Trust;
import java.util.Set;

/**
 * An API key as stored: never the secret itself, only its hash.
 *
 * @param hash lower-case hex SHA-256 of the key as sent
 * @param name for people to tell keys apart
 */
public record Key(String hash, String name, Kind kind, Set<Scope> scopes) {

  /**
   * Write keys ({@code wk_…}) are public and may only append; secret keys ({@code sk_…}) are not.
   */
  public enum Kind {
    WRITE,
    SECRET
  }

  public Key {
    scopes = Set.copyOf(scopes);
    if (kind == Kind.WRITE && !scopes.equals(Set.of(Scope.INGEST))) {
      throw new IllegalArgumentException("a write key may only append events");
    }
  }

  /** How far events sent with this key are trusted. */
  public Trust trust() {
    return kind == Kind.SECRET ? Trust.SERVER : Trust.CLIENT;
  }
}
