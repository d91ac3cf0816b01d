package dev.perennial.domain.identity;

/**
 * The id of a person: the {@linkplain Identifier#hash(String) hash} of one of the person's
 * identifiers. The hash of any of them finds the person, so an id given out before a merge still
 * answers afterwards. It is part of no idempotency key.
 *
 * @param value 26 characters of {@code a-z2-7}
 */
public record PersonId(String value) implements Comparable<PersonId> {
  @Override
  public int compareTo(PersonId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
