package dev.perennial.domain.identity;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a client's word for an identifier turned out to be. The same person written in two ways
 * reads as one identifier: values are trimmed and in Unicode NFC, email addresses in lower case,
 * phone numbers in E.164. Other values keep their case.
 */
public sealed interface IdentifierReading {

  /** An identifier in its normal form. */
  record Accepted(Identifier identifier) implements IdentifierReading {}

  /**
   * A word that programs send when they know nobody, such as {@code undefined}: to be ignored, as
   * if it were absent.
   */
  record Blocked(String reason) implements IdentifierReading {}

  /** Nothing that could name anybody. */
  record Invalid(String reason) implements IdentifierReading {}

  /** Reads a value of that namespace. */
  static IdentifierReading of(Namespace namespace, String raw) {
    if (!NAMESPACE.matcher(namespace.name()).matches()) {
      return new Invalid(
          "the namespace must have 1 to 64 letters, digits, dots, dashes or underscores, and wechat"
              + " the id of an app");
    }
    // Before anything that takes time in proportion to the length.
    if (raw.length() > 2 * Identifier.MAX_LENGTH) {
      return TOO_LONG;
    }
    if (raw.codePoints().anyMatch(IdentifierReading::unpaired)) {
      return new Invalid("the value holds half of a surrogate pair");
    }
    String value = trim(Normalizer.normalize(raw, Normalizer.Form.NFC));
    if (BLOCKED.contains(bare(value)) || ZEROS_AND_DASHES.matcher(bare(value)).matches()) {
      return new Blocked("the value stands for nobody");
    }
    if (value.codePoints().anyMatch(IdentifierReading::control)) {
      return new Invalid("the value holds a control character");
    }
    if (value.length() > Identifier.MAX_LENGTH) {
      return TOO_LONG;
    }
    return switch (namespace.name()) {
      case "email" -> email(namespace, value);
      case "phone" -> phone(namespace, value);
      default -> new Accepted(new Identifier(namespace, value));
    };
  }

  /**
   * Reads {@code namespace:value}; the app id of {@code wechat:<appId>:value} belongs to the
   * namespace.
   */
  static IdentifierReading of(String text) {
    int colon =
        text.indexOf(
            ':', text.startsWith(Namespace.WECHAT_PREFIX) ? Namespace.WECHAT_PREFIX.length() : 0);
    return colon < 0
        ? new Invalid("must be namespace:value, such as userId:42")
        : of(new Namespace(text.substring(0, colon)), text.substring(colon + 1));
  }

  /**
   * Lower-case words of programs that had nothing to say. Zeros and dashes in any number are
   * blocked beside these.
   */
  Set<String> BLOCKED =
      Set.of(
          "",
          "null",
          "undefined",
          "anonymous",
          "guest",
          "-1",
          "nan",
          "[object object]",
          "true",
          "false");

  /** Zeros and dashes only, such as {@code 0} and the all-zero UUID. */
  Pattern ZEROS_AND_DASHES = Pattern.compile("[0-]+");

  /**
   * Names of namespaces; only WeChat's have a colon, and none is {@code wechat} alone, so that
   * {@code namespace:value} says one thing.
   */
  Pattern NAMESPACE = Pattern.compile("(?!wechat$)(wechat:)?[\\p{L}\\p{N}._-]{1,64}");

  /** Letters and marks that no font draws. */
  String UNSEEN = "\\u034F\\u115F\\u1160\\uFE00-\\uFE0F";

  /**
   * An address with one {@code @} and a domain of two labels or more. Stricter rules refuse real
   * addresses; but what RFC 5322 puts around and between addresses, and what is not seen, would
   * give one mailbox as many names as anybody likes.
   */
  Pattern EMAIL =
      Pattern.compile(
          "(?s)(?!.*[\\s\\p{C}\\p{Z}" + UNSEEN + "<>()\\[\\],;:\"\\\\])[^@]+@[^@.]+(\\.[^@.]+)+");

  /** A country code and a number, 7 to 15 digits (ITU-T E.164). */
  Pattern E_164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

  /** Longest email address that can be sent to, in characters (RFC 5321, erratum 1690). */
  int LONGEST_EMAIL = 254;

  /** What {@link #of} answers for a value beyond {@link Identifier#MAX_LENGTH}. */
  IdentifierReading TOO_LONG =
      new Invalid("the value is longer than " + Identifier.MAX_LENGTH + " characters");

  private static IdentifierReading email(Namespace namespace, String value) {
    // A small letter may be one with its accent where the capital is two.
    String small = Normalizer.normalize(value.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    // Wide letters and the like are others' names for letters.
    return value.length() <= LONGEST_EMAIL
            && EMAIL.matcher(small).matches()
            && Normalizer.isNormalized(small, Normalizer.Form.NFKC)
        ? new Accepted(new Identifier(namespace, small))
        : new Invalid("the value is no email address");
  }

  /** Full-width digits of East Asian keyboards count as digits, hence NFKC. */
  private static IdentifierReading phone(Namespace namespace, String value) {
    String digits =
        Normalizer.normalize(value, Normalizer.Form.NFKC).replaceAll("[\\s().\\-/]", "");
    String number = digits.startsWith("00") ? "+" + digits.substring(2) : digits;
    return E_164.matcher(number).matches()
        ? new Accepted(new Identifier(namespace, number))
        : new Invalid("the value is no phone number with + and country code");
  }

  /** In lower case and without the quotes around it, however many. */
  private static String bare(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && "\"'`".indexOf(value.charAt(start)) >= 0) {
      start++;
    }
    while (start < end && "\"'`".indexOf(value.charAt(end - 1)) >= 0) {
      end--;
    }
    return trim(value.substring(start, end)).toLowerCase(Locale.ROOT);
  }

  /**
   * {@link String#strip} leaves no-break spaces, which copied values end with, and byte order
   * marks.
   */
  private static String trim(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && blank(value.charAt(start))) {
      start++;
    }
    while (start < end && blank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean blank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
  }

  private static boolean unpaired(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  private static boolean control(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }
}
