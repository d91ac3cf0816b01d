package dev.perennial.functions.delivery;

import dev.perennial.domain.webhook.WebhookSender.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Which webhooks were slow lately, as far as this process knows: it need not wait for them again to
 * find out. Nothing is stored, so each process waits once in a while.
 */
final class SlowReceivers {

  /** Whoever takes longer to answer is slow. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final Duration remembered;
  private final LongSupplier nanoTime;
  private final Map<String, Finding> found = new ConcurrentHashMap<>();

  /** What a webhook was like at that time, in nanoseconds of the process. */
  private record Finding(long at, boolean answered) {}

  /**
   * @param remembered how long
   * @param nanoTime elapsed time of this process
   */
  SlowReceivers(Duration remembered, LongSupplier nanoTime) {
    this.remembered = remembered;
    this.nanoTime = nanoTime;
  }

  /** Whether it took long to answer, or did not. */
  boolean isSlow(String webhook) {
    Finding finding = found.get(webhook);
    return finding != null && nanoTime.getAsLong() - finding.at() < remembered.toNanos();
  }

  /** Whether it did not answer. */
  boolean isSilent(String webhook) {
    Finding finding = found.get(webhook);
    return isSlow(webhook) && finding != null && !finding.answered();
  }

  /** Posts to the webhook and remembers how that was. */
  Answer watched(String webhook, Supplier<Answer> post) {
    long before = nanoTime.getAsLong();
    Answer answer = post.get();
    long after = nanoTime.getAsLong();
    boolean silent = answer instanceof Answer.Failed;
    if (silent || after - before > SLOW.toNanos()) {
      found.put(webhook, new Finding(after, !silent));
    } else {
      found.remove(webhook);
    }
    return answer;
  }
}
