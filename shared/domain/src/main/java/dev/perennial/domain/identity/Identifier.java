package dev.perennial.domain.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  private static final char[] BASE_32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

  /**
   * The person id that this identifier alone would found: the first 128 bits of SHA-256 over
   * workspace, namespace and value, each preceded by its length so that no two triples hash the
   * same bytes, in base 32.
   */
  public PersonId hash(String workspace) {
    MessageDigest digest = sha256();
    for (String part : new String[] {workspace, namespace.name(), value}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_16BE);
      digest.update(
          new byte[] {
            (byte) (bytes.length >>> 24), (byte) (bytes.length >>> 16),
            (byte) (bytes.length >>> 8), (byte) bytes.length
          });
      digest.update(bytes);
    }
    return new PersonId(base32(digest.digest()));
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String base32(byte[] hash) {
    StringBuilder text = new StringBuilder(26);
    for (int bit = 0; bit < 128; bit += 5) {
      int pair = (hash[bit / 8] & 0xff) << 8 | (hash[bit / 8 + 1] & 0xff);
      text.append(BASE_32[pair >>> (11 - bit % 8) & 31]);
    }
    return text.toString();
  }
}
