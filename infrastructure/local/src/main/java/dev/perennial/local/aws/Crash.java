package dev.perennial.local.aws;

/**
 * The death of a function at one of its AWS calls.
 *
 * @param call which of its next calls, from 1
 */
public record Crash(Moment moment, int call) {

  /** When at that call. */
  public enum Moment {
    /** The call is not carried out. */
    BEFORE,
    /** The call is carried out; the function does not live to see the answer. */
    AFTER
  }

  public Crash {
    if (call < 1) {
      throw new IllegalArgumentException("calls are counted from 1");
    }
  }

  /** Death before the n-th call is carried out. */
  public static Crash before(int call) {
    return new Crash(Moment.BEFORE, call);
  }

  /** Death after the n-th call was carried out. */
  public static Crash after(int call) {
    return new Crash(Moment.AFTER, call);
  }
}
