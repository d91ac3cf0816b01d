package dev.perennial.local.meter;

/**
 * Capacity units of DynamoDB's on-demand mode.
 *
 * @param read request units: 1 is a strongly consistent read of up to 4 KB
 * @param write request units: 1 is a write of up to 1 KB
 */
public record Units(double read, double write) {

  static final Units NONE = new Units(0, 0);

  private static final int READ_BYTES = 4096;
  private static final int WRITE_BYTES = 1024;

  /** A read of that many bytes; reading nothing costs as much as the smallest item. */
  static Units read(int bytes, boolean consistent) {
    return new Units(steps(bytes, READ_BYTES) * (consistent ? 1 : 0.5), 0);
  }

  /**
   * A write that leaves or replaces an item of that many bytes, the larger of the two; a refused
   * condition costs as much.
   */
  static Units write(int bytes) {
    return new Units(0, steps(bytes, WRITE_BYTES));
  }

  Units plus(Units other) {
    return new Units(read + other.read, write + other.write);
  }

  /** The same work inside a transaction: prepared, then committed. */
  Units transactional() {
    return new Units(read * 2, write * 2);
  }

  private static int steps(int bytes, int step) {
    return Math.max(1, (bytes + step - 1) / step);
  }
}
