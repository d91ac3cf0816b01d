package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.webhook.Webhook.Salt;
import dev.perennial.domain.webhook.WebhookCall;
import dev.perennial.domain.webhook.WebhookSender.Answer;
import dev.perennial.json.Json;
import dev.perennial.json.WebhookCodec;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryLinkKey;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One receiver is slow or does not answer, one is as it should be; one process works for both. */
final class SilentWebhookTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final PersonId BBB = new PersonId("bbbbbbbbbbbbbbbbbbbbbbbbbb");
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int BATCH = 10;

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final Deque<String> live = new ArrayDeque<>();
  private final Deque<String> crowd = new ArrayDeque<>();
  private final Map<String, List<String>> taken = new HashMap<>();
  private Duration elapsed = Duration.ZERO;
  private Duration answersAfter = DEADLINE;
  private final DeliverWebhookHandler handler =
      new DeliverWebhookHandler(
          definitions,
          Samples.people("main", BBB),
          new WebhookSecrets(new InMemoryLinkKey()),
          (url, headers, _) -> post(url, String.valueOf(headers.get("webhook-id"))),
          new SlowReceivers(Duration.ofMinutes(1), () -> elapsed.toNanos()),
          calls -> calls.forEach(call -> crowd.add(WebhookCodec.writeMessage(call))),
          () -> NOW);

  SilentWebhookTest() {
    for (String id : List.of("good", "bad")) {
      Fields document =
          (Fields)
              Json.read("{\"url\":\"https://" + id + ".example.com/\",\"segments\":[\"quiet14\"]}");
      definitions.put(
          Kind.WEBHOOK,
          id,
          WebhookCodec.stored(document, List.of(new Salt("s", null))),
          "live",
          NOW);
    }
  }

  @Test
  void whoeverDoesNotAnswerHoldsUpNobodyAndGetsAllOnceTheyDo() {
    tell(500);

    Duration goodHadAll = workOnLive();

    assertThat(goodHadAll).isLessThanOrEqualTo(DEADLINE.plusSeconds(10));
    assertThat(taken.get("good")).hasSize(500).doesNotHaveDuplicates();
    assertThat(taken).doesNotContainKey("bad");
    // What is put back costs nobody any time.
    Duration before = elapsed;
    List<String> back = work(crowd, "crowd-webhooks");
    assertThat(back).hasSize(BATCH);
    crowd.addAll(back);
    assertThat(elapsed).isEqualTo(before);

    answersAfter = Duration.ofMillis(20);
    elapsed = elapsed.plusSeconds(60);
    while (!crowd.isEmpty()) {
      crowd.addAll(work(crowd, "crowd-webhooks"));
    }
    assertThat(taken.get("bad")).hasSize(500).doesNotHaveDuplicates();
    assertThat(live).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_100, 4_900})
  void whoeverIsSlowHoldsUpNobodyAndGetsAll(int millis) {
    answersAfter = Duration.ofMillis(millis);
    tell(500);

    Duration goodHadAll = workOnLive();

    assertThat(goodHadAll).isLessThanOrEqualTo(answersAfter.plusSeconds(10));
    while (!crowd.isEmpty()) {
      crowd.addAll(work(crowd, "crowd-webhooks"));
    }
    assertThat(taken.get("good")).hasSize(500);
    assertThat(taken.get("bad")).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void whoeverWasSlowIsToldAsOthersAreAfterAMinute() {
    answersAfter = Duration.ofSeconds(2);
    tell(5);
    workOnLive();
    assertThat(crowd).hasSize(4);

    elapsed = elapsed.plusSeconds(60);
    answersAfter = Duration.ofMillis(20);
    tell(5);
    workOnLive();

    assertThat(crowd).hasSize(4);
    assertThat(taken.get("bad")).hasSize(6);
  }

  private void tell(int memberships) {
    int before = taken.getOrDefault("good", List.of()).size();
    IntStream.range(before, before + memberships)
        .mapToObj(
            number ->
                new Transition(BBB, new SegmentId("quiet14"), 2L * number + 1, NOW, Cause.EVENT))
        .forEach(
            transition -> {
              live.add(WebhookCodec.writeMessage(new WebhookCall("bad", transition)));
              live.add(WebhookCodec.writeMessage(new WebhookCall("good", transition)));
            });
  }

  /** How long that took. */
  private Duration workOnLive() {
    Duration before = elapsed;
    while (!live.isEmpty()) {
      live.addAll(work(live, "webhooks"));
    }
    return elapsed.minus(before);
  }

  /** Hands over a batch; the messages that failed. */
  private List<String> work(Deque<String> queue, String name) {
    SQSEvent event = new SQSEvent();
    event.setRecords(new ArrayList<>());
    Map<String, String> bodies = new HashMap<>();
    while (event.getRecords().size() < BATCH && !queue.isEmpty()) {
      SQSMessage message = new SQSMessage();
      message.setMessageId("m" + event.getRecords().size());
      message.setBody(queue.removeFirst());
      message.setEventSourceArn("arn:aws:sqs:us-east-1:000000000000:perennial-" + name);
      bodies.put(message.getMessageId(), message.getBody());
      event.getRecords().add(message);
    }
    Set<String> failed = new HashSet<>();
    for (BatchItemFailure failure :
        handler.handleRequest(event, new Invocation()).getBatchItemFailures()) {
      failed.add(failure.getItemIdentifier());
    }
    bodies.keySet().retainAll(failed);
    return List.copyOf(bodies.values());
  }

  private Answer post(URI url, String id) {
    String name = url.getHost().split("\\.", 2)[0];
    Duration takes = name.equals("bad") ? answersAfter : Duration.ofMillis(20);
    elapsed = elapsed.plus(takes);
    if (takes.compareTo(DEADLINE) >= 0) {
      return new Answer.Failed("late");
    }
    taken.computeIfAbsent(name, _ -> new ArrayList<>()).add(id);
    return new Answer.Answered(204);
  }
}
