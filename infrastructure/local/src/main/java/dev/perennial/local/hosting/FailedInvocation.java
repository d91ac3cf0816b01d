package dev.perennial.local.hosting;

/**
 * An invocation that gave no result: the function threw, crashed, or could not be started. Already
 * logged.
 */
public final class FailedInvocation extends Exception {

  private static final long serialVersionUID = 1;

  FailedInvocation(String message, Throwable cause) {
    super(message, cause);
  }

  FailedInvocation(String message) {
    super(message);
  }
}
