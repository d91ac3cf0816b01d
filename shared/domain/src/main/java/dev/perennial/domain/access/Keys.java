package dev.perennial.domain.access;

import java.util.Optional;

/** The store of API keys. */
public interface Keys {

  /** The key whose SHA-256 in lower-case hex this is. */
  Optional<Key> find(String hash);

  /** Adds the key, or replaces the one with its hash. */
  void put(Key key);
}
