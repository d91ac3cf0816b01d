package dev.perennial.domain.value;

/** How texts are stored. */
public final class Utf8 {

  private Utf8() {}

  /** How many bytes the text takes. */
  public static long length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      // A surrogate is half of a character of four.
      bytes += unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }
    return bytes;
  }
}
