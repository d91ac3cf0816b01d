package dev.perennial.domain.segment;

/** The source of the live segments. */
@FunctionalInterface
public interface LiveSegments {

  /** The segments as of at most the configured freshness ago; cheap to call once per invocation. */
  Segments current();

  /** The segments as of this call. */
  default Segments latest() {
    return current();
  }
}
