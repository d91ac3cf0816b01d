package dev.perennial.domain.access;

import java.util.Optional;

/** The store of the workspace's secret that signs the links in its messages: 32 random bytes. */
public interface LinkKey {

  /** The secret; empty while nobody has made one, so that no link was ever signed. */
  Optional<byte[]> find();

  /** The secret, made when there is none. */
  byte[] findOrMake();
}
