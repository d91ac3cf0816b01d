package dev.perennial.local.queues;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Knows when no queue has work: nothing is under way, no source queue holds a visible, hidden or
 * delayed message, and nothing began while the queues were counted. Dead-letter queues do not
 * count.
 */
public final class Drain implements AutoCloseable {

  private static final Duration BETWEEN_PASSES = Duration.ofMillis(3);
  private static final List<QueueAttributeName> COUNTS =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final Activity activity;
  private final SqsClient sqs;
  private final List<String> queueUrls;
  private final ExecutorService counters;
  private volatile long idleAt = -1;

  public Drain(Activity activity, SqsClient sqs, List<String> queueUrls) {
    this.activity = activity;
    this.sqs = sqs;
    this.queueUrls = List.copyOf(queueUrls);
    this.counters =
        Executors.newFixedThreadPool(
            Math.max(1, queueUrls.size()),
            Thread.ofPlatform().daemon().name("drain-", 0).factory());
  }

  /** Returns once the platform is idle; waits for as long as that takes. */
  public void await() throws InterruptedException {
    while (!idle()) {
      activity.awaitEnd(BETWEEN_PASSES);
    }
  }

  /** Returns once the platform is idle, or after that time. */
  public void await(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (!idle() && System.nanoTime() < end) {
      activity.awaitEnd(BETWEEN_PASSES);
    }
  }

  /** Whether the platform is idle now. */
  public boolean idle() throws InterruptedException {
    if (activity.quietSince(idleAt)) {
      return true; // was idle before, and nothing began since
    }
    OptionalLong before = activity.quiet();
    if (before.isEmpty() || waiting() > 0 || !activity.quietSince(before.getAsLong())) {
      return false;
    }
    idleAt = before.getAsLong();
    return true;
  }

  private long waiting() throws InterruptedException {
    List<Callable<Long>> counts = new ArrayList<>();
    for (String url : queueUrls) {
      counts.add(() -> waiting(url));
    }
    long sum = 0;
    for (Future<Long> count : counters.invokeAll(counts)) {
      try {
        sum += count.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a queue could not be counted", e.getCause());
      }
    }
    return sum;
  }

  private long waiting(String url) {
    return sqs
        .getQueueAttributes(request -> request.queueUrl(url).attributeNames(COUNTS))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Override
  public void close() {
    counters.shutdownNow();
  }
}
