package dev.perennial.local.queues;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.local.aws.Unsettled;
import dev.perennial.local.hosting.FunctionLog;
import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Live events go on while a crowd is due. */
class CrowdTest {

  private static final int CROWD = 100_000;
  private static final byte[] ALL_DONE =
      "{\"batchItemFailures\":[]}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void whoIsDueWaitsInQueuesThatNoLiveEventGoesThrough() {
    Set<Queue> live = EnumSet.of(Queue.EVENTS, Queue.PROFILE_CHANGES);
    Function tick = function("LifecycleTick");

    assertThat(tick.grants())
        .filteredOn(Grant.OnQueue.class::isInstance)
        .extracting(grant -> ((Grant.OnQueue) grant).queue())
        .contains(Queue.DUE_PEOPLE)
        .doesNotContainAnyElementsOf(live);
    assertThat(queues("EvaluateProfile"))
        .containsExactlyInAnyOrder(Queue.PROFILE_CHANGES, Queue.DUE_PEOPLE);
    // What becomes of them waits apart all the way to the provider.
    assertThat(queues("AdvanceJourney"))
        .containsExactlyInAnyOrder(Queue.TRIGGERS, Queue.CROWD_TRIGGERS, Queue.DUE_ENROLLMENTS);
    assertThat(queues("SendMessage"))
        .containsExactlyInAnyOrder(Queue.MESSAGES, Queue.BULK_MESSAGES, Queue.DUE_SENDS);
    assertThat(queues("DeliverWebhook"))
        .containsExactlyInAnyOrder(Queue.WEBHOOKS, Queue.CROWD_WEBHOOKS);
  }

  private static Set<Queue> queues(String name) {
    return function(name).triggers().stream()
        .map(trigger -> ((Trigger.Sqs) trigger).queue())
        .collect(Collectors.toSet());
  }

  @Test
  @Timeout(60)
  void aLiveMessageWaitsForNoBatchOfTheHundredThousandWhoAreDue() throws InterruptedException {
    CrowdedSqs sqs = new CrowdedSqs();
    AtomicInteger people = new AtomicInteger();
    AtomicInteger batches = new AtomicInteger();
    AtomicInteger atLive = new AtomicInteger();
    CountDownLatch midway = new CountDownLatch(1);
    CountDownLatch handled = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(CROWD);
    try (FunctionLog log =
            new FunctionLog(
                folder.resolve("functions.log"), new PrintStream(PrintStream.nullOutputStream()));
        Poller due =
            poller(
                sqs,
                Queue.DUE_PEOPLE,
                log,
                (_, what) -> {
                  int size = Integer.parseInt(what.split(" ", 2)[0]);
                  batches.incrementAndGet();
                  if (people.addAndGet(size) > CROWD / 2) {
                    midway.countDown();
                    handled.await(); // the crowd stands still until the live one got through
                  }
                  IntStream.range(0, size).forEach(_ -> all.countDown());
                  return ALL_DONE;
                });
        Poller live =
            poller(
                sqs,
                Queue.PROFILE_CHANGES,
                log,
                (_, _) -> {
                  atLive.set(batches.get());
                  handled.countDown();
                  return ALL_DONE;
                })) {
      due.start();
      live.start();
      midway.await();
      int before = batches.get();
      sqs.live.add(message("live"));
      handled.await();
      int meanwhile = atLive.get() - before;

      all.await();
      System.out.printf(
          "%,d people due in one minute, %,d batches: a live message was handled while none of them"
              + " ended and %d began%n",
          CROWD, batches.get(), meanwhile);
      assertThat(meanwhile).isLessThan(8);
      assertThat(people).hasValue(CROWD);
    }
  }

  private static Function function(String name) {
    return Topology.functions().stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Poller poller(SqsClient sqs, Queue queue, FunctionLog log, Poller.Work work) {
    Trigger.Sqs trigger =
        function("EvaluateProfile").triggers().stream()
            .map(Trigger.Sqs.class::cast)
            .filter(candidate -> candidate.queue() == queue)
            .findFirst()
            .orElseThrow();
    return new Poller(
        sqs, "http://127.0.0.1/" + queue, trigger, work, new Activity(), new Unsettled(), log);
  }

  private static Message message(String id) {
    return Message.builder()
        .messageId(id)
        .receiptHandle(id)
        .body(id)
        .attributes(Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"))
        .build();
  }

  /** A crowd in one queue, and in the other what is put there. */
  private static final class CrowdedSqs implements SqsClient {

    private final BlockingQueue<Message> live = new LinkedBlockingQueue<>();
    private final AtomicInteger given = new AtomicInteger();

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      if (request.queueUrl().endsWith(Queue.DUE_PEOPLE.name()) && given.get() < CROWD) {
        int first = given.getAndAdd(request.maxNumberOfMessages());
        return ReceiveMessageResponse.builder()
            .messages(
                IntStream.range(first, first + request.maxNumberOfMessages())
                    .mapToObj(number -> message("due-" + number))
                    .toList())
            .build();
      }
      try {
        Message next =
            request.queueUrl().endsWith(Queue.DUE_PEOPLE.name())
                ? new LinkedBlockingQueue<Message>().poll(20, TimeUnit.MILLISECONDS)
                : live.poll(20, TimeUnit.MILLISECONDS);
        return ReceiveMessageResponse.builder()
            .messages(next == null ? List.of() : List.of(next))
            .build();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ReceiveMessageResponse.builder().build();
      }
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
      return DeleteMessageBatchResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }
}
