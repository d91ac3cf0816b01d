package dev.perennial.testkit;

import dev.perennial.json.CompactCatalogs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Keeps the bytes of each version in memory. */
public final class InMemoryCompactCatalogs implements CompactCatalogs {

  private final TreeMap<Long, byte[]> all = new TreeMap<>();
  private Optional<byte[]> counters = Optional.empty();

  @Override
  public Optional<byte[]> find(long version) {
    return Optional.ofNullable(all.lastEntry())
        .filter(newest -> newest.getKey() >= version)
        .map(Map.Entry::getValue);
  }

  @Override
  public Optional<byte[]> counted() {
    return counters;
  }

  @Override
  public void put(long version, byte[] bytes, byte[] counted) {
    counters = Optional.of(counted);
    all.put(version, bytes);
  }

  /** The versions that bytes were made of. */
  public Set<Long> versions() {
    return Set.copyOf(all.keySet());
  }

  /** Loses the bytes, as who dies while keeping them does: what is counted was kept before. */
  public void tear() {
    all.clear();
  }
}
