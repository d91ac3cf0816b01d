package dev.perennial.local;

/** Why the platform did not start, with its remedy, in one line. */
public final class StartFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StartFailure(String remedy) {
    super(remedy);
  }

  public StartFailure(String remedy, Throwable cause) {
    super(remedy, cause);
  }
}
