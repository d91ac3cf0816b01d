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
  private static final long SLOW = Duration.ofSeconds(1).toNanos();

  /** Whoever failed so often in a row is silent; where each failure took long, earlier. */
  private static final int SILENT = 3;

  private static final int SILENT_AND_SLOW = 2;

  private final Duration remembered;
  private final LongSupplier nanoTime;
  private final Map<String, Finding> found = new ConcurrentHashMap<>();

  /**
   * What a webhook was like.
   *
   * @param at when, in nanoseconds of the process
   * @param took how many it took
   * @param failures in a row
   */
  private record Finding(long at, long took, int failures) {
    static final Finding NONE = new Finding(0, 0, 0);

    boolean isSlow() {
      return took > SLOW || isSilent();
    }

    boolean isSilent() {
      return failures >= SILENT || (failures >= SILENT_AND_SLOW && took > SLOW);
    }
  }

  /**
   * @param remembered how long
   * @param nanoTime elapsed time of this process
   */
  SlowReceivers(Duration remembered, LongSupplier nanoTime) {
    this.remembered = remembered;
    this.nanoTime = nanoTime;
  }

  /** How long findings are remembered. */
  Duration remembered() {
    return remembered;
  }

  /** Whether it took long to answer, or is silent. */
  boolean isSlow(String webhook) {
    return lately(webhook, remembered.toNanos()).isSlow();
  }

  /** Whether it did not answer, again and again: one request that is lost says nothing. */
  boolean isSilent(String webhook) {
    return lately(webhook, remembered.toNanos()).isSilent();
  }

  /** Whether it just took as long as others should have now: it gets half of the time at most. */
  boolean isResting(String webhook) {
    Finding finding = lately(webhook, remembered.toNanos());
    return finding.isSlow() && lately(webhook, finding.took()).isSlow();
  }

  /** Posts to the webhook and remembers how that was. */
  Answer watched(String webhook, Supplier<Answer> post) {
    long before = nanoTime.getAsLong();
    Answer answer = post.get();
    long after = nanoTime.getAsLong();
    int failures =
        answer instanceof Answer.Failed
            ? found.getOrDefault(webhook, Finding.NONE).failures() + 1
            : 0;
    if (failures > 0 || after - before > SLOW) {
      found.put(webhook, new Finding(after, after - before, failures));
    } else {
      found.remove(webhook);
    }
    return answer;
  }

  private Finding lately(String webhook, long nanos) {
    Finding finding = found.getOrDefault(webhook, Finding.NONE);
    return nanoTime.getAsLong() - finding.at() < nanos ? finding : Finding.NONE;
  }
}
