package dev.perennial.testkit;

import dev.perennial.domain.profile.Totals;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Totals in this process's memory. */
public final class InMemoryTotals implements Totals {

  private final Map<String, Long> totals = new ConcurrentHashMap<>();

  @Override
  public void add(String name, long n) {
    totals.merge(name, n, Long::sum);
  }

  @Override
  public Map<String, Long> read(Collection<String> names) {
    return names.stream()
        .distinct()
        .collect(Collectors.toMap(Function.identity(), name -> totals.getOrDefault(name, 0L)));
  }
}
