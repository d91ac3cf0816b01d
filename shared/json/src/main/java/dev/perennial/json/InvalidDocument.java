package dev.perennial.json;

/** A JSON document that does not say what it should. The message is meant for whoever sent it. */
public final class InvalidDocument extends RuntimeException {

  private final String pointer;

  public InvalidDocument(String pointer, String detail) {
    super(detail);
    this.pointer = pointer;
  }

  /** JSON pointer to the offending value; empty for the whole document. */
  public String pointer() {
    return pointer;
  }

  /** What is wrong with it. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
