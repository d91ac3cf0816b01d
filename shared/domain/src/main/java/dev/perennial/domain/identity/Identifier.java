package dev.perennial.domain.identity;

import dev.perennial.domain.Digest;
import java.util.Comparator;

/**
 * A name by which a person is known: a namespace and a value in its normal form. {@link
 * IdentifierReading#of} makes one from what a client sent; stores rebuild one with the constructor.
 */
public record Identifier(Namespace namespace, String value) implements Comparable<Identifier> {

  /** Longest value, in characters, after normalisation. */
  public static final int MAX_LENGTH = 512;

  private static final Comparator<Identifier> ORDER =
      Comparator.comparing(Identifier::namespace).thenComparing(Identifier::value);

  /**
   * The person id that this identifier alone would found: the first 128 bits of SHA-256 over
   * workspace, namespace and value, each preceded by its length so that no two triples hash the
   * same bytes, in base 32.
   */
  public PersonId hash(String workspace) {
    return new PersonId(Digest.of(workspace, namespace.name(), value));
  }

  public boolean isUserId() {
    return namespace.equals(Namespace.USER_ID);
  }

  /** Whether messages are sent to it. Others may know it and say that it is theirs. */
  public boolean isAddress() {
    return namespace.equals(Namespace.EMAIL) || namespace.equals(Namespace.PHONE);
  }

  /** Strongest namespace first, then by value. */
  @Override
  public int compareTo(Identifier other) {
    return ORDER.compare(this, other);
  }

  /** {@code namespace:value}. */
  @Override
  public String toString() {
    return namespace + ":" + value;
  }
}
