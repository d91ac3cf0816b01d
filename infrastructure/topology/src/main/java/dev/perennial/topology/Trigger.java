package dev.perennial.topology;

import java.time.Duration;

/** What starts a function. */
public sealed interface Trigger {

  /**
   * A route of the HTTP API (payload format 2.0).
   *
   * @param method for example {@code POST}
   * @param path as API Gateway writes it, with {@code {name}} for one segment, for example {@code
   *     /v1/profiles/{id}}
   */
  record Http(String method, String path) implements Trigger {
    /** API Gateway's route key, for example {@code POST /v1/batch}. */
    public String routeKey() {
      return method + " " + path;
    }
  }

  /**
   * Batches of an SQS queue, answered with partial batch failures.
   *
   * @param batchSize messages per invocation at most, 1 to 10,000; above 10 the window must be at
   *     least a second
   * @param window how long Lambda may wait to fill a batch
   * @param concurrency invocations at once at most, 2 to 1,000
   */
  record Sqs(Queue queue, int batchSize, Duration window, int concurrency) implements Trigger {
    public Sqs {
      if (batchSize > 10 && window.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("a batch of more than 10 needs a window of a second");
      }
    }
  }

  /** An EventBridge schedule at a fixed rate. */
  record Schedule(Duration every) implements Trigger {}
}
