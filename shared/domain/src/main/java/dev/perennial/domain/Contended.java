package dev.perennial.domain;

/** Others kept writing the same thing, however often it was tried. Repeating the whole is safe. */
public final class Contended extends RuntimeException {

  /**
   * @param what the thing in words, for example {@code the person}; it holds no data
   */
  public Contended(String what) {
    super("others keep changing " + what, null, false, false);
  }
}
