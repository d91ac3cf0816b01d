package dev.perennial.aws.queues;

import dev.perennial.domain.DelayedPublisher;
import dev.perennial.domain.Publisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Publishes to one queue, one message for each piece of news, in batches of {@value #MAX_ENTRIES}.
 * Entries that SQS did not take for reasons of its own are offered again, {@value #ATTEMPTS} times
 * in all.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">Quotas</a>
 */
public final class SqsPublisher<T> implements Publisher<T>, DelayedPublisher<T> {

  /**
   * Longest message, and longest batch, in bytes. SQS takes 1 MiB since 2025, its stand-ins still
   * 256 KiB.
   */
  public static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_ENTRIES = 10;
  private static final int ATTEMPTS = 3;

  private final SqsClient sqs;
  private final String queueUrl;
  private final Function<? super T, String> toJson;

  /**
   * @param toJson the message as a JSON text of at most {@link #MAX_BYTES}
   */
  public SqsPublisher(SqsClient sqs, String queueUrl, Function<? super T, String> toJson) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.toJson = toJson;
  }

  /**
   * @throws NotAccepted when SQS did not take all of it
   */
  @Override
  public void publish(Collection<? extends T> news) {
    publish(news, Duration.ZERO);
  }

  /**
   * @throws NotAccepted when SQS did not take it
   */
  @Override
  public void publish(T news, Duration delay) {
    publish(List.of(news), delay);
  }

  private void publish(Collection<? extends T> news, Duration delay) {
    List<SendMessageBatchRequestEntry> batch = new ArrayList<>(MAX_ENTRIES);
    int bytes = 0;
    for (T piece : news) {
      String body = sendable(toJson.apply(piece));
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      if (batch.size() == MAX_ENTRIES || bytes + length > MAX_BYTES) {
        send(batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(batch.size()))
              .messageBody(body)
              .delaySeconds(Math.toIntExact(delay.toSeconds()))
              .build());
      bytes += length;
    }
    send(batch);
  }

  private void send(List<SendMessageBatchRequestEntry> batch) {
    List<SendMessageBatchRequestEntry> left = List.copyOf(batch);
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      List<SendMessageBatchRequestEntry> entries = left;
      SendMessageBatchResponse response =
          sqs.sendMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
      Set<String> failed = new HashSet<>();
      for (BatchResultErrorEntry error : response.failed()) {
        if (error.senderFault() || attempt == ATTEMPTS) {
          throw new NotAccepted(error.code(), response.failed().size());
        }
        failed.add(error.id());
      }
      left = entries.stream().filter(entry -> failed.contains(entry.id())).toList();
    }
  }

  /**
   * The two code points that JSON may hold and SQS refuses, escaped; JSON has them inside texts
   * only.
   */
  private static String sendable(String json) {
    return json.replace("\uFFFE", "\\uFFFE").replace("\uFFFF", "\\uFFFF");
  }

  /** SQS refused messages. Publishing again is safe. */
  public static final class NotAccepted extends RuntimeException {
    NotAccepted(String code, int messages) {
      super("SQS did not accept " + messages + " messages: " + code);
    }
  }
}
