package dev.perennial.local.queues;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.local.aws.Unsettled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class DrainTest {

  private static final Duration SHORT = Duration.ofMillis(200);

  private final Activity activity = new Activity();
  private final Unsettled unsettled = new Unsettled();
  private final CountingSqs sqs = new CountingSqs();
  private final Drain drain =
      new Drain(activity, unsettled, sqs, List.of("http://127.0.0.1/a", "http://127.0.0.1/b"));

  @Test
  void noQueueIsAskedWhenAllThatWasSentIsDeleted() throws InterruptedException {
    unsettled.sent(List.of("m1", "m2"));
    unsettled.deleted(List.of("m2", "m1"));

    drain.await();

    assertThat(sqs.asked).isZero();
  }

  @Test
  void workUnderWayIsAwaited() throws InterruptedException {
    try (Activity.Span _ = activity.begin()) {
      long began = System.nanoTime();

      drain.await(SHORT);

      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(SHORT.toNanos());
    }
  }

  @Test
  void aMessageThatWaitsIsAwaited() throws InterruptedException {
    unsettled.sent(List.of("m1"));
    sqs.waiting = 1;

    drain.await(SHORT);

    assertThat(sqs.asked).isPositive();
    assertThat(unsettled.ids()).containsExactly("m1");
  }

  @Test
  void aDeadLetterIsNot() throws InterruptedException {
    unsettled.sent(List.of("m1"));

    drain.await();

    assertThat(sqs.asked).isEqualTo(2);
    assertThat(unsettled.isEmpty()).isTrue();
  }

  private static final class CountingSqs implements SqsClient {

    private int waiting;
    private int asked;

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
      asked++;
      return GetQueueAttributesResponse.builder()
          .attributes(
              Map.of(
                  QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                  "0",
                  QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                  "" + waiting))
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
