package dev.perennial.domain.segment;

/**
 * A regular expression that takes time in proportion to the text, whatever it is. Two are equal
 * when they are written alike.
 */
public interface TextPattern {

  /** As written. */
  String text();

  /** Whether the pattern describes the text as a whole. */
  boolean matches(String text);
}
