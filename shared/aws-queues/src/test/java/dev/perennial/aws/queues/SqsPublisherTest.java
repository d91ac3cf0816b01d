package dev.perennial.aws.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

class SqsPublisherTest {

  private final ScriptedQueue queue = new ScriptedQueue();
  private final SqsPublisher<String> publisher = new SqsPublisher<>(queue, "url", text -> text);

  @Test
  void sendsBatchesOfTen() {
    publisher.publish(IntStream.range(0, 23).mapToObj(Integer::toString).toList());

    assertThat(queue.batches).extracting(List::size).containsExactly(10, 10, 3);
    assertThat(queue.accepted).hasSize(23).startsWith("0", "1", "2").endsWith("22");
  }

  @Test
  void sendsWithADelay() {
    publisher.publish("later", Duration.ofMinutes(15));

    assertThat(queue.batches.getFirst().getFirst().delaySeconds()).isEqualTo(900);
  }

  @Test
  void sendsNothingForNoNews() {
    publisher.publish(List.of());

    assertThat(queue.batches).isEmpty();
  }

  @Test
  void keepsBatchesBelowTheLimitInBytes() {
    String large = "é".repeat(50_000);

    publisher.publish(List.of(large, large, large, "small"));

    assertThat(queue.batches).extracting(List::size).containsExactly(2, 2);
  }

  @Test
  void offersRefusedEntriesAgain() {
    queue.refusals = 2;

    publisher.publish(List.of("a", "b", "c"));

    assertThat(queue.batches).extracting(List::size).containsExactly(3, 1, 1);
    assertThat(queue.accepted).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void throwsWhenAnyIsNotAccepted() {
    queue.refusals = 3;
    assertThatThrownBy(() -> publisher.publish(List.of("a", "b")))
        .isInstanceOf(SqsPublisher.NotAccepted.class);

    queue.refusals = 1;
    queue.senderFault = true;
    assertThatThrownBy(() -> publisher.publish(List.of("a", "b")))
        .isInstanceOf(SqsPublisher.NotAccepted.class);
  }

  @Test
  void escapesWhatSqsRefuses() {
    publisher.publish(List.of("\"a\uFFFEb\uFFFF\""));

    assertThat(queue.accepted).containsExactly("\"a\\uFFFEb\\uFFFF\"");
  }

  /** A queue that refuses the first entry of its next batches. */
  private static final class ScriptedQueue implements SqsClient {
    final List<List<SendMessageBatchRequestEntry>> batches = new ArrayList<>();
    final List<String> accepted = new ArrayList<>();
    int refusals;
    boolean senderFault;

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
      batches.add(request.entries());
      boolean refuse = refusals > 0;
      refusals--;
      request.entries().stream()
          .skip(refuse ? 1 : 0)
          .forEach(entry -> accepted.add(entry.messageBody()));
      return SendMessageBatchResponse.builder()
          .failed(
              request.entries().stream()
                  .limit(refuse ? 1 : 0)
                  .map(
                      entry ->
                          BatchResultErrorEntry.builder()
                              .id(entry.id())
                              .code("ServiceUnavailable")
                              .senderFault(senderFault)
                              .build())
                  .toList())
          .build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }
}
