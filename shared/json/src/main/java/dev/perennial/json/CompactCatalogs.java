package dev.perennial.json;

import java.util.Optional;

/** Where the bytes of what lives are kept between processes. */
public interface CompactCatalogs {

  /** The bytes made of that version of the catalog or a newer one; empty when there are none. */
  Optional<byte[]> find(long version);

  /** The bytes of what was counted as of the newest version; empty when there are none. */
  Optional<byte[]> counted();

  /**
   * Keeps the bytes, unless there are some of a newer version.
   *
   * @param counted what is counted; kept at once, before the bytes, and found whatever becomes of
   *     these
   */
  void put(long version, byte[] bytes, byte[] counted);
}
