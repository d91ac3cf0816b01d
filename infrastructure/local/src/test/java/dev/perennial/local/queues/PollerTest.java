package dev.perennial.local.queues;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.perennial.local.aws.Unsettled;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Trigger;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

class PollerTest {

  @TempDir Path folder;
  private FunctionLog log;
  private final RecordingSqs sqs = new RecordingSqs();
  private final Activity activity = new Activity();
  private final Unsettled unsettled = new Unsettled();
  private final List<SQSEvent> events = new ArrayList<>();
  private String answer = "{\"batchItemFailures\":[]}";

  @BeforeEach
  void open() {
    log =
        new FunctionLog(
            folder.resolve("functions.log"), new PrintStream(PrintStream.nullOutputStream()));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void handsTheBatchToTheFunctionAsLambdaDoes() throws InterruptedException {
    poller().handle(List.of(message("m1", 3)));

    SQSEvent.SQSMessage message = events.getFirst().getRecords().getFirst();
    assertThat(message.getMessageId()).isEqualTo("m1");
    assertThat(message.getBody()).isEqualTo("body of m1");
    assertThat(message.getReceiptHandle()).isEqualTo("receipt of m1");
    assertThat(message.getAttributes()).containsEntry("ApproximateReceiveCount", "3");
    assertThat(message.getEventSource()).isEqualTo("aws:sqs");
    assertThat(message.getEventSourceArn()).isEqualTo("arn:aws:sqs:us-east-1:000000000000:events");
  }

  @Test
  void deletesWhatSucceeded() throws InterruptedException {
    poller().handle(List.of(message("m1", 1), message("m2", 1)));

    assertThat(sqs.calls).containsExactly("delete m1 m2");
  }

  @Test
  void retriesOnlyWhatFailed() throws InterruptedException {
    answer = "{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"}]}";

    unsettled.sent(List.of("m1", "m2"));

    poller().handle(List.of(message("m1", 1), message("m2", 1)));

    assertThat(sqs.calls).containsExactly("delete m1", "retry m2 in 0");
    assertThat(unsettled.ids()).containsExactly("m2");
  }

  @Test
  void retriesABitLaterWhatFailedBefore() throws InterruptedException {
    answer = "{\"batchItemFailures\":[{\"itemIdentifier\":\"m1\"}]}";

    poller().handle(List.of(message("m1", 2)));

    assertThat(sqs.calls).containsExactly("retry m1 in 1");
  }

  @Test
  void takesAnUnknownIdForAFailureOfAll() throws InterruptedException {
    answer = "{\"batchItemFailures\":[{\"itemIdentifier\":\"m9\"}]}";

    poller().handle(List.of(message("m1", 1)));

    assertThat(sqs.calls).containsExactly("retry m1 in 0");
  }

  @Test
  void takesNoAnswerForSuccess() throws InterruptedException {
    answer = "null";

    poller().handle(List.of(message("m1", 1)));

    assertThat(sqs.calls).containsExactly("delete m1");
  }

  @Test
  void takesWhatIsNoJsonForAFailureOfAll() throws InterruptedException {
    answer = "<html>";

    poller().handle(List.of(message("m1", 1)));

    assertThat(sqs.calls).containsExactly("retry m1 in 0");
  }

  @Test
  void pollsOnAfterAnyFailure() throws Exception {
    CountDownLatch deleted = new CountDownLatch(1);
    sqs.onDelete = deleted::countDown;
    sqs.faults.add(new IllegalStateException("unexpected"));
    sqs.waiting.add(List.of(message("m1", 1)));
    sqs.waiting.add(List.of());

    try (Poller poller = poller()) {
      poller.start();

      assertThat(deleted.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void isUnderWayUntilTheBatchIsSettled() throws InterruptedException {
    long before = activity.quiet().orElseThrow();
    sqs.onDelete = () -> assertThat(activity.quiet()).isEmpty();

    poller().handle(List.of(message("m1", 1)));

    assertThat(activity.quietSince(before)).isFalse();
    assertThat(activity.quiet()).isPresent();
  }

  private Poller poller() {
    return new Poller(
        sqs,
        "http://127.0.0.1/events",
        new Trigger.Sqs(Queue.EVENTS, 10, 2),
        (event, _) -> {
          events.add(
              LambdaEventSerializers.serializerFor(SQSEvent.class, SQSEvent.class.getClassLoader())
                  .fromJson(new ByteArrayInputStream(event)));
          return answer.getBytes(StandardCharsets.UTF_8);
        },
        activity,
        unsettled,
        log);
  }

  private static Message message(String id, int receives) {
    return Message.builder()
        .messageId(id)
        .receiptHandle("receipt of " + id)
        .body("body of " + id)
        .md5OfBody("0")
        .attributes(
            Map.of(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, Integer.toString(receives)))
        .build();
  }

  /** Hands out what waits and writes down what it is told. */
  private static final class RecordingSqs implements SqsClient {

    private final Deque<List<Message>> waiting = new ConcurrentLinkedDeque<>();
    private final Deque<RuntimeException> faults = new ConcurrentLinkedDeque<>();
    private final List<String> calls = new ArrayList<>();
    private Runnable onDelete = () -> {};

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      if (!faults.isEmpty()) {
        throw faults.pop();
      }
      return ReceiveMessageResponse.builder().messages(waiting.pop()).build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
      onDelete.run();
      calls.add(
          "delete "
              + String.join(" ", request.entries().stream().map(e -> e.id()).sorted().toList()));
      return DeleteMessageBatchResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      request
          .entries()
          .forEach(entry -> calls.add("retry " + entry.id() + " in " + entry.visibilityTimeout()));
      return ChangeMessageVisibilityBatchResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }
}
