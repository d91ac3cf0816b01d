package dev.perennial.json;

/** Bytes that are no acceptable JSON document. The message is meant for whoever sent them. */
public final class JsonProblem extends RuntimeException {

  private final String pointer;

  JsonProblem(String pointer, String detail) {
    super(detail);
    this.pointer = pointer;
  }

  /** JSON pointer to where reading stopped; empty for the whole document. */
  public String pointer() {
    return pointer;
  }

  /** What is wrong, without a position in the text. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
