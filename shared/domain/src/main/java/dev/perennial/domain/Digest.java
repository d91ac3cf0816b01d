package dev.perennial.domain;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A short name for a list of texts that no other list shares. */
public final class Digest {

  private static final char[] BASE_32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

  private Digest() {}

  /**
   * The first 128 bits of SHA-256 over the texts in UTF-16, each preceded by its length so that no
   * two lists hash the same bytes: 26 characters of {@code a-z2-7}.
   */
  public static String of(String... texts) {
    MessageDigest sha = sha256();
    for (String text : texts) {
      // By hand, because encoders make one and the same of every half of a surrogate pair.
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * text.length());
      bytes.putInt(Character.BYTES * text.length()).asCharBuffer().put(text);
      sha.update(bytes.array());
    }
    return base32(sha.digest());
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
