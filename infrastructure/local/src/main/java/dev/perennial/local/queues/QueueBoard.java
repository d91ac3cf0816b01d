package dev.perennial.local.queues;

import dev.perennial.local.aws.Backends;
import dev.perennial.topology.Queue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** The queues as a person looks at them: what waits, what is being worked on, what died. */
public final class QueueBoard {

  private final Backends backends;
  private final SqsClient sqs;

  public QueueBoard(Backends backends, SqsClient sqs) {
    this.backends = backends;
    this.sqs = sqs;
  }

  /**
   * One queue.
   *
   * @param waiting messages that nobody received yet
   * @param inFlight messages received and not yet deleted
   * @param dead messages in its dead-letter queue
   */
  public record Row(String name, long waiting, long inFlight, long dead) {}

  /** All queues, in the order of the topology. */
  public List<Row> rows() {
    return Arrays.stream(Queue.values()).map(this::row).toList();
  }

  /**
   * Puts a message into a queue as it is, whoever may be hurt by it; false when there is no such
   * queue.
   */
  public boolean put(String name, String body) {
    Optional<Queue> queue =
        Arrays.stream(Queue.values()).filter(known -> known.title().equals(name)).findFirst();
    queue.ifPresent(known -> put(known, body));
    return queue.isPresent();
  }

  /** Puts a message into a queue as it is. */
  public void put(Queue queue, String body) {
    SendMessageResponse sent =
        sqs.sendMessage(message -> message.queueUrl(backends.queueUrl(queue)).messageBody(body));
    backends.unsettled().sent(List.of(sent.messageId()));
  }

  private Row row(Queue queue) {
    Map<QueueAttributeName, String> counts = counts(backends.queueUrl(queue));
    Map<QueueAttributeName, String> dead = counts(backends.deadLetterUrl(queue));
    return new Row(
        queue.title(),
        Long.parseLong(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
        Long.parseLong(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)),
        Long.parseLong(dead.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)));
  }

  private Map<QueueAttributeName, String> counts(String url) {
    return sqs.getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes();
  }
}
