package dev.perennial.domain.segment;

/**
 * The id of a counter: a hash of what it counts (event name, property filter, aggregated property).
 */
public record CounterId(String value) implements Comparable<CounterId> {
  @Override
  public int compareTo(CounterId other) {
    return value.compareTo(other.value);
  }
}
