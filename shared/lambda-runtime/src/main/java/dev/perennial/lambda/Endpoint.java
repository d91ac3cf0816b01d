package dev.perennial.lambda;

/** What answers a request. */
@FunctionalInterface
public interface Endpoint {

  /**
   * Throws {@link Problem}, {@link dev.perennial.json.JsonProblem} or {@link
   * dev.perennial.json.InvalidDocument} for what the client did wrong.
   */
  HttpAnswer answer(HttpRequest request);
}
