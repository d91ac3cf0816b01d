package dev.perennial.local.queues;

import dev.perennial.local.aws.Unsettled;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Knows when no queue has work: nothing is under way, and every message that was sent is deleted.
 * Where messages are left while nothing is under way for a while, the queues themselves are asked
 * whether they hold a visible, hidden or delayed one: it may have ended as a dead letter, which
 * does not count.
 */
public final class Drain {

  private static final Duration BETWEEN_PASSES = Duration.ofMillis(3);

  /** How long nothing is under way before the queues are asked. */
  private static final long QUIET_NANOS = 50_000_000;

  private static final List<QueueAttributeName> COUNTS =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final Activity activity;
  private final Unsettled unsettled;
  private final SqsClient sqs;
  private final List<String> queueUrls;

  public Drain(Activity activity, Unsettled unsettled, SqsClient sqs, List<String> queueUrls) {
    this.activity = activity;
    this.unsettled = unsettled;
    this.sqs = sqs;
    this.queueUrls = List.copyOf(queueUrls);
  }

  /** Returns once the platform is idle; waits for as long as that takes. */
  public void await() throws InterruptedException {
    await(Duration.ofNanos(Long.MAX_VALUE));
  }

  /** Returns once the platform is idle, or after that time. */
  public void await(Duration longest) throws InterruptedException {
    long began = System.nanoTime();
    long quiet = -1;
    long quietSince = began;
    while (System.nanoTime() - began < longest.toNanos()) {
      OptionalLong before = activity.quiet();
      if (before.isPresent()) {
        if (before.getAsLong() != quiet) {
          quiet = before.getAsLong();
          quietSince = System.nanoTime();
        }
        if (unsettled.isEmpty() && activity.quietSince(quiet)) {
          return;
        }
        if (System.nanoTime() - quietSince > QUIET_NANOS) {
          forgetDeadLetters(quiet);
          quietSince = System.nanoTime();
        }
      }
      activity.awaitEnd(BETWEEN_PASSES);
    }
  }

  /** Queues that are empty while nothing is under way hold nothing of what was sent before. */
  private void forgetDeadLetters(long quiet) {
    Set<String> left = unsettled.ids();
    if (!left.isEmpty() && !waiting() && activity.quietSince(quiet)) {
      unsettled.deleted(left);
    }
  }

  private boolean waiting() {
    return queueUrls.stream().anyMatch(this::waiting);
  }

  private boolean waiting(String url) {
    return sqs
        .getQueueAttributes(request -> request.queueUrl(url).attributeNames(COUNTS))
        .attributes()
        .values()
        .stream()
        .anyMatch(count -> !count.equals("0"));
  }
}
