package dev.perennial.aws.dynamodb;

/**
 * Partition and sort keys made of parts. Parts are joined by {@code #}; a {@code #}, a {@code %}
 * and half a surrogate pair inside a part are escaped, so that two different lists of parts never
 * make one key and every key is valid UTF-8.
 */
public final class ItemKey {

  private static final char JOINT = '#';
  private static final char ESCAPE = '%';

  private ItemKey() {}

  /** The key of these parts, for example {@code KEY#abc}. */
  public static String of(String first, String... rest) {
    StringBuilder key = new StringBuilder(first.length() + 32);
    append(first, key);
    for (String part : rest) {
      append(part, key.append(JOINT));
    }
    return key.toString();
  }

  /** What every key that starts with these parts and has more begins with. */
  public static String prefix(String first, String... rest) {
    return of(first, rest) + JOINT;
  }

  private static void append(String part, StringBuilder key) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == JOINT) {
        key.append("%23");
      } else if (c == ESCAPE) {
        key.append("%25");
      } else if (!Character.isSurrogate(c)) {
        key.append(c);
      } else if (Character.charCount(part.codePointAt(i)) == 2) {
        key.append(c).append(part.charAt(++i));
      } else {
        key.append("%u").append(Integer.toHexString(c));
      }
    }
  }
}
