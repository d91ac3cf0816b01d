package dev.perennial.local.queues;

import dev.perennial.local.aws.Unsettled;
import dev.perennial.local.hosting.FailedInvocation;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.topology.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.core.JacksonException;

/**
 * Lambda's event source mapping for one queue: receives batches, invokes the function, deletes what
 * succeeded. What failed is made visible again soon, so that a retry does not wait for the queue's
 * visibility timeout; the queue itself moves a message that failed too often to its dead-letter
 * queue.
 */
public final class Poller implements AutoCloseable {

  /** Batches at once of one queue, however many the topology allows on AWS. */
  private static final int CONCURRENCY = 4;

  /** Lambda waits longer; here a poll that waits would hold up the end of the platform. */
  private static final int LONG_POLL_SECONDS = 1;

  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

  /** The function behind the queue. */
  @FunctionalInterface
  public interface Work {
    /** Handles an SQS event and answers with its partial batch response. */
    byte[] invoke(byte[] event, String what) throws FailedInvocation, InterruptedException;
  }

  private final SqsClient sqs;
  private final String queueUrl;
  private final Trigger.Sqs trigger;
  private final Work work;
  private final Activity activity;
  private final Unsettled unsettled;
  private final FunctionLog log;
  private final Semaphore free;
  private final ExecutorService workers;
  private volatile boolean closed;

  public Poller(
      SqsClient sqs,
      String queueUrl,
      Trigger.Sqs trigger,
      Work work,
      Activity activity,
      Unsettled unsettled,
      FunctionLog log) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.trigger = trigger;
    this.work = work;
    this.activity = activity;
    this.unsettled = unsettled;
    this.log = log;
    this.free = new Semaphore(Math.min(CONCURRENCY, trigger.concurrency()));
    // Platform threads: a virtual thread that loads a class cannot leave its carrier, and there are
    // only two.
    this.workers =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name(trigger.queue().title() + "-", 0).factory());
  }

  /** Polls until closed. */
  public void start() {
    workers.execute(this::poll);
  }

  private void poll() {
    while (!closed) {
      try {
        free.acquire();
        List<Message> batch = receive();
        if (batch.isEmpty()) {
          free.release();
        } else {
          workers.execute(() -> handleAndRelease(batch));
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) { // whatever it was, the next poll may do better
        free.release();
        pause(e);
      }
    }
  }

  private void handleAndRelease(List<Message> batch) {
    try {
      handle(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // the queue shows these messages again
      pause(e);
    } finally {
      free.release();
    }
  }

  private List<Message> receive() {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(trigger.batchSize())
                    .waitTimeSeconds(LONG_POLL_SECONDS)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  /** Invokes the function on the batch and settles each message. */
  void handle(List<Message> batch) throws InterruptedException {
    try (Activity.Span _ = activity.begin()) {
      // a queue may give a message twice at once: the last receipt is the one that counts
      Map<String, Message> byId =
          batch.stream()
              .collect(
                  Collectors.toMap(Message::messageId, Function.identity(), (_, last) -> last));
      Set<String> failed = failures(List.copyOf(byId.values()), byId.keySet());
      Map<Boolean, List<Message>> settled =
          byId.values().stream()
              .collect(Collectors.partitioningBy(message -> failed.contains(message.messageId())));
      delete(settled.getOrDefault(false, List.of()));
      retrySoon(settled.getOrDefault(true, List.of()));
    }
  }

  private Set<String> failures(List<Message> batch, Set<String> ids) throws InterruptedException {
    String title = trigger.queue().title();
    try {
      byte[] answer =
          work.invoke(SqsEnvelope.of(trigger.queue(), batch), batch.size() + " of " + title);
      Set<String> failed = SqsEnvelope.failures(answer, ids);
      if (!failed.isEmpty()) {
        log.line(title, failed.size() + " of " + batch.size() + " messages failed: " + failed);
      }
      return failed;
    } catch (FailedInvocation e) {
      return ids;
    } catch (JacksonException e) { // Lambda, too, takes what it cannot read for a failure of all
      log.failure(title, "the answer is no JSON", e);
      return ids;
    }
  }

  private void delete(List<Message> messages) {
    if (messages.isEmpty()) {
      return;
    }
    List<DeleteMessageBatchRequestEntry> entries =
        messages.stream()
            .map(
                message ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
            .toList();
    if (!sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
        .hasFailed()) {
      unsettled.deleted(messages.stream().map(Message::messageId).toList());
    }
  }

  private void retrySoon(List<Message> messages) {
    if (messages.isEmpty()) {
      return;
    }
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        messages.stream()
            .map(
                message ->
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(pauseSeconds(message))
                        .build())
            .toList();
    sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queueUrl).entries(entries));
  }

  /** None after the first failure, then a second. */
  private static int pauseSeconds(Message message) {
    String receives =
        message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    return "1".equals(receives) ? 0 : 1;
  }

  private void pause(RuntimeException fault) {
    if (closed) {
      return;
    }
    log.failure(trigger.queue().title(), "polling failed", fault);
    try {
      Thread.sleep(AFTER_FAULT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    workers.shutdownNow();
  }
}
