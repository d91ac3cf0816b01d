package dev.perennial.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.perennial.testkit.Invocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SqsBatchTest {

  private final Invocation invocation = new Invocation();
  private final List<String> worked = new ArrayList<>();

  @Test
  void eachMessageFailsAlone() {
    SQSBatchResponse response =
        SqsBatch.each(
            batch("1", "poison", "3"), invocation, body -> worked.add("" + Integer.parseInt(body)));

    assertThat(failed(response)).containsExactly("id-poison");
    assertThat(worked).containsExactly("1", "3");
  }

  @Test
  void startsNothingThatTheTimeWouldNotLastFor() {
    SQSBatchResponse response =
        SqsBatch.each(
            batch("1", "2", "3"),
            invocation,
            body -> {
              worked.add(body);
              invocation.setRemainingTimeInMillis(14_999);
            });

    assertThat(worked).containsExactly("1");
    assertThat(failed(response)).containsExactly("id-2", "id-3");
  }

  @Test
  void togetherSeesWhatCouldBeDecoded() {
    SQSBatchResponse response =
        SqsBatch.<Integer>together(
            batch("1", "poison", "3"),
            invocation,
            Integer::valueOf,
            messages -> {
              messages.forEach(message -> worked.add(message.queue() + message.body()));
              return Set.of("id-3");
            });

    assertThat(failed(response)).containsExactlyInAnyOrder("id-poison", "id-3");
    assertThat(worked).containsExactly("events1", "events3");
  }

  @Test
  void workThatThrowsIsDoneAgainAlone() {
    SQSBatchResponse response =
        SqsBatch.<String>together(
            batch("a", "b", "c"),
            invocation,
            body -> body,
            messages -> {
              String bodies = messages.stream().map(Received::body).collect(Collectors.joining());
              worked.add(bodies);
              if (bodies.contains("b")) {
                throw new IllegalStateException("secret@example.com");
              }
              return Set.of();
            });

    assertThat(failed(response)).containsExactly("id-b");
    assertThat(worked).containsExactly("abc", "a", "b", "c");
  }

  @Test
  void aPartFailsItsMessageAndHoldsUpNoOtherPart() {
    SQSBatchResponse response =
        SqsBatch.<String>partsTogether(
            batch("a b", "c"),
            invocation,
            body -> List.of(body.split(" ")),
            messages -> {
              String bodies = messages.stream().map(Received::body).collect(Collectors.joining());
              if (bodies.contains("a")) {
                throw new IllegalStateException("a");
              }
              worked.add(bodies);
              return Set.of();
            });

    assertThat(failed(response)).containsExactly("id-a b");
    assertThat(worked).containsExactly("b", "c");
  }

  @Test
  void logsFaultsWithoutTheirMessages() {
    SqsBatch.each(
        batch("x"),
        invocation,
        body -> {
          throw new IllegalStateException("secret@example.com");
        });

    assertThat(invocation.logged())
        .singleElement()
        .asString()
        .contains("\"level\":\"ERROR\"", "\"messageId\":\"id-x\"", "IllegalStateException")
        .doesNotContain("secret", "\n");
  }

  private static SQSEvent batch(String... bodies) {
    SQSEvent event = new SQSEvent();
    event.setRecords(Arrays.stream(bodies).map(SqsBatchTest::message).toList());
    return event;
  }

  private static SQSMessage message(String body) {
    SQSMessage message = new SQSMessage();
    message.setMessageId("id-" + body);
    message.setBody(body);
    message.setEventSourceArn("arn:aws:sqs:us-east-1:000000000000:events");
    return message;
  }

  private static List<String> failed(SQSBatchResponse response) {
    return response.getBatchItemFailures().stream()
        .map(BatchItemFailure::getItemIdentifier)
        .toList();
  }
}
