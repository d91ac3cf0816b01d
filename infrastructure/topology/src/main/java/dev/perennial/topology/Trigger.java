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
   * @param batchSize messages per invocation at most, 1 to 10: more would have to be waited for
   * @param concurrency invocations at once at most, 2 to 1,000
   */
  record Sqs(Queue queue, int batchSize, int concurrency) implements Trigger {
    public Sqs {
      if (batchSize < 1 || batchSize > 10) {
        throw new IllegalArgumentException("a batch has 1 to 10 messages");
      }
    }
  }

  /** An EventBridge schedule at a fixed rate. */
  record Schedule(Duration every) implements Trigger {}
}
