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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One receiver is slow or does not answer, one is as it should be; one process works for both. */
final class SilentWebhookTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final PersonId BBB = new PersonId("bbbbbbbbbbbbbbbbbbbbbbbbbb");
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration FAST = Duration.ofMillis(20);
  private static final Duration SENT_WITHIN = Duration.ofMillis(10);
  private static final Duration VISIBILITY = Duration.ofMinutes(6);
  private static final int MAX_RECEIVES = 5;
  private static final int BATCH = 10;

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final Waiting live = new Waiting("webhooks");
  private final Waiting crowd = new Waiting("crowd-webhooks");
  private final List<String> dead = new ArrayList<>();
  private final Map<String, List<String>> taken = new HashMap<>();
  private Duration elapsed = Duration.ZERO;
  private Duration answersAfter = DEADLINE;

  /** Every how many posts one is lost; 0 when none is. */
  private int losesEach;

  private int posts;
  private final DeliverWebhookHandler handler =
      new DeliverWebhookHandler(
          definitions,
          Samples.people("main", BBB),
          new WebhookSecrets(new InMemoryLinkKey()),
          (url, headers, _) -> post(url, String.valueOf(headers.get("webhook-id"))),
          new SlowReceivers(Duration.ofMinutes(1), () -> elapsed.toNanos()),
          (call, delay) -> {
            elapsed = elapsed.plus(SENT_WITHIN);
            crowd.add(WebhookCodec.writeMessage(call), delay);
          },
          () -> NOW.plus(elapsed));

  /** A message of a queue. */
  private record Message(String body, int receives, Duration due, int number) {}

  /** A queue that hands over what is due, the oldest first. */
  private final class Waiting {
    private final String name;
    private final PriorityQueue<Message> messages =
        new PriorityQueue<>(Comparator.comparing(Message::due).thenComparingInt(Message::number));
    private int added;

    Waiting(String name) {
      this.name = name;
    }

    void add(String body, Duration delay) {
      messages.add(new Message(body, 0, elapsed.plus(delay), added++));
    }

    boolean isDue() {
      return !messages.isEmpty() && messages.peek().due().compareTo(elapsed) <= 0;
    }

    /** Hands over a batch; what failed comes again, or is dead. */
    void work() {
      SQSEvent event = new SQSEvent();
      event.setRecords(new ArrayList<>());
      Map<String, Message> received = new HashMap<>();
      while (event.getRecords().size() < BATCH && isDue()) {
        Message next = messages.remove();
        SQSMessage message = new SQSMessage();
        message.setMessageId("m" + next.number());
        message.setBody(next.body());
        message.setEventSourceArn("arn:aws:sqs:us-east-1:000000000000:perennial-" + name);
        received.put(message.getMessageId(), next);
        event.getRecords().add(message);
      }
      for (BatchItemFailure failure :
          handler.handleRequest(event, new Invocation()).getBatchItemFailures()) {
        Message failed = Objects.requireNonNull(received.get(failure.getItemIdentifier()));
        if (failed.receives() + 1 == MAX_RECEIVES) {
          dead.add(failed.body());
        } else {
          messages.add(
              new Message(
                  failed.body(), failed.receives() + 1, elapsed.plus(VISIBILITY), failed.number()));
        }
      }
    }
  }

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
    tellBoth(500);

    workUntilGoodHas(500);

    assertThat(elapsed).isLessThanOrEqualTo(DEADLINE.multipliedBy(2).plusSeconds(20));
    assertThat(taken.get("good")).doesNotHaveDuplicates();
    assertThat(taken).doesNotContainKey("bad");

    answersAfter = FAST;
    workUntilNothingIsLeft();
    assertThat(taken.get("bad")).hasSize(500).doesNotHaveDuplicates();
    assertThat(dead).isEmpty();
  }

  @Test
  void whatNobodyAnswersForAnHourIsDead() {
    tell(crowd, "bad", 100);

    workUntilNothingIsLeft();

    assertThat(dead).hasSize(100);
    assertThat(elapsed).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(90));
    assertThat(posts).isLessThan(100);
  }

  /** It costs what it lost a second attempt, and the others nothing. */
  @ParameterizedTest
  @ValueSource(ints = {5, 5_000})
  void aReceiverThatLosesARequestNowAndThenIsToldOfAll(int lostWithin) {
    answersAfter = Duration.ofMillis(lostWithin);
    losesEach = 200;

    tell(crowd, "bad", 10_000);
    workUntilNothingIsLeft();

    assertThat(dead).isEmpty();
    assertThat(taken.get("bad")).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(posts).isBetween(10_000, 10_100);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_100, 4_900})
  void whoeverIsSlowHoldsUpNobodyAndGetsAll(int millis) {
    answersAfter = Duration.ofMillis(millis);
    tellBoth(500);

    workUntilGoodHas(500);

    assertThat(elapsed).isLessThanOrEqualTo(Duration.ofMinutes(1));
    workUntilNothingIsLeft();
    assertThat(taken.get("bad")).hasSize(500).doesNotHaveDuplicates();
    assertThat(dead).isEmpty();
  }

  @Test
  void whoWaitsInTheCrowdBehindASlowReceiverIsToldSoon() {
    answersAfter = Duration.ofMillis(4_900);
    tell(crowd, "bad", 1_000);
    tell(crowd, "good", 500);

    workUntilGoodHas(500);

    assertThat(elapsed).isLessThan(Duration.ofMinutes(1));
    assertThat(taken.get("bad")).isNotEmpty();
    workUntilNothingIsLeft();
    assertThat(elapsed).isLessThan(answersAfter.multipliedBy(3 * 1_000));
    assertThat(taken.get("bad")).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(dead).isEmpty();
  }

  @Test
  void whoeverWasSlowIsToldAsOthersAreAfterAMinute() {
    answersAfter = Duration.ofSeconds(2);
    tellBoth(5);
    while (live.isDue()) {
      live.work();
    }
    assertThat(crowd.messages).hasSize(4);

    elapsed = elapsed.plusSeconds(60);
    answersAfter = FAST;
    tellBoth(5);
    while (live.isDue()) {
      live.work();
    }

    assertThat(crowd.messages).hasSize(4);
    assertThat(taken.get("bad")).hasSize(6);
  }

  private void tellBoth(int memberships) {
    int before = live.added;
    for (int i = 0; i < memberships; i++) {
      live.add(call("bad", before + i), Duration.ZERO);
      live.add(call("good", before + i), Duration.ZERO);
    }
  }

  private static void tell(Waiting queue, String webhook, int memberships) {
    for (int i = 0; i < memberships; i++) {
      queue.add(call(webhook, i), Duration.ZERO);
    }
  }

  private static String call(String webhook, int number) {
    return WebhookCodec.writeMessage(
        new WebhookCall(
            webhook,
            new Transition(BBB, new SegmentId("quiet14"), 2L * number + 1, NOW, Cause.EVENT)));
  }

  private void workUntilGoodHas(int memberships) {
    while (taken.getOrDefault("good", List.of()).size() < memberships) {
      work();
    }
  }

  private void workUntilNothingIsLeft() {
    while (!live.messages.isEmpty() || !crowd.messages.isEmpty()) {
      assertThat(elapsed).isLessThan(Duration.ofDays(4));
      work();
    }
  }

  /** A batch of each queue, or else the time passes until there is one. */
  private void work() {
    if (live.isDue()) {
      live.work();
    }
    if (crowd.isDue()) {
      crowd.work();
    } else if (!live.isDue()) {
      Stream.of(live, crowd)
          .flatMap(queue -> queue.messages.stream())
          .map(Message::due)
          .min(Comparator.naturalOrder())
          .ifPresent(due -> elapsed = due);
    }
  }

  private Answer post(URI url, String id) {
    posts++;
    String name = url.getHost().split("\\.", 2)[0];
    boolean lost = losesEach > 0 && posts % losesEach == 0;
    boolean usual = name.equals("good") || (losesEach > 0 && !lost);
    Duration takes = usual ? FAST : answersAfter;
    elapsed = elapsed.plus(takes);
    if (lost || takes.compareTo(DEADLINE) >= 0) {
      return new Answer.Failed("late");
    }
    taken.computeIfAbsent(name, _ -> new ArrayList<>()).add(id);
    return new Answer.Answered(204);
  }
}
