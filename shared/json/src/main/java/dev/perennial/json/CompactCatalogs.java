package dev.perennial.json;

import java.util.Optional;

/** Where the bytes of what lives are kept between processes. */
public interface CompactCatalogs {

  /** The bytes made of that version of the catalog or a newer one; empty when there are none. */
  Optional<byte[]> find(long version);

  /** Keeps the bytes, unless there are some of a newer version. */
  void put(long version, byte[] bytes);
}
