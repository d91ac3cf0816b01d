package dev.perennial.testkit;

import dev.perennial.domain.access.LinkKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The link key of a test: the same in each, once it is made. */
public final class InMemoryLinkKey implements LinkKey {

  private byte @Nullable [] made;

  @Override
  public Optional<byte[]> find() {
    return Optional.ofNullable(made);
  }

  @Override
  public byte[] findOrMake() {
    byte[] key = new byte[32];
    made = key;
    return key;
  }
}
