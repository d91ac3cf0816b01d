package dev.perennial.json;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perennial.domain.segment.TextPattern;

/**
 * A pattern in RE2's syntax, which has no back-references and looks nowhere but ahead: no text
 * takes it longer than its length demands.
 */
record Re2Pattern(String text, Pattern compiled) implements TextPattern {

  private static final int LONGEST = 256;

  /**
   * The pattern of a document.
   *
   * @throws InvalidDocument when it is none
   */
  static Re2Pattern read(JsonNode node) {
    String text = node.text(LONGEST);
    try {
      return new Re2Pattern(text, Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw node.invalid("must be a pattern in RE2's syntax: " + e.getDescription());
    }
  }

  @Override
  public boolean matches(String input) {
    return compiled.matches(input);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Re2Pattern pattern && text.equals(pattern.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
