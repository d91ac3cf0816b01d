package dev.perennial.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a batch of an SQS queue and answers which of its messages failed. A failed message comes
 * again by the queue's own clock and ends in the dead-letter queue; its neighbours are not held up.
 * Nothing is retried here.
 */
public final class SqsBatch {

  /**
   * Least time, in milliseconds, that must be left for the next message: longer than one call of a
   * provider takes. Of what is cut off in its midst, as may be who is refused late and then tried
   * on another channel, nobody can say whether it went.
   */
  private static final int LEAST_MILLIS = 15_000;

  private SqsBatch() {}

  /**
   * Works on one message after the other. Those for which too little time is left fail untried.
   *
   * @param work gets the body; fails its message by throwing
   */
  public static SQSBatchResponse each(SQSEvent event, Context context, Consumer<String> work) {
    StructuredLog log = new StructuredLog(context);
    Set<String> failed = new LinkedHashSet<>();
    for (SQSMessage message : event.getRecords()) {
      if (context.getRemainingTimeInMillis() < LEAST_MILLIS) {
        failed.add(message.getMessageId());
        log.warn("Too late to start", Map.of("messageId", new Text(message.getMessageId())));
      } else {
        attempt(message.getMessageId(), failed, log, () -> work.accept(message.getBody()));
      }
    }
    return response(failed);
  }

  /**
   * Works on all messages at once, so that what concerns one person is done once. A message that
   * cannot be decoded fails alone. When the work throws, it is done again message by message: only
   * those fail that fail alone. So the work must be idempotent, as on a queue it must be anyway.
   *
   * @param decode from the body; throws when it is none
   * @param work answers the {@linkplain Received#id() ids} of the messages that failed
   */
  public static <T> SQSBatchResponse together(
      SQSEvent event,
      Context context,
      Function<String, ? extends T> decode,
      Function<List<Received<T>>, Set<String>> work) {
    return partsTogether(event, context, body -> List.of(decode.apply(body)), work);
  }

  /**
   * As {@link #together}, of messages that hold several parts each. When the work throws, it is
   * done again part by part, so that nothing is held up by what it shares a message with.
   */
  public static <T> SQSBatchResponse partsTogether(
      SQSEvent event,
      Context context,
      Function<String, ? extends List<? extends T>> decode,
      Function<List<Received<T>>, Set<String>> work) {
    StructuredLog log = new StructuredLog(context);
    Set<String> failed = new LinkedHashSet<>();
    List<Received<T>> messages = new ArrayList<>(event.getRecords().size());
    for (SQSMessage message : event.getRecords()) {
      attempt(
          message.getMessageId(), failed, log, () -> messages.addAll(received(message, decode)));
    }
    try {
      if (!messages.isEmpty()) {
        failed.addAll(work.apply(List.copyOf(messages)));
      }
    } catch (RuntimeException fault) {
      log.error("A batch failed", fault, Map.of("messages", Num.of(messages.size())));
      for (Received<T> message : messages) {
        attempt(message.id(), failed, log, () -> failed.addAll(work.apply(List.of(message))));
      }
    }
    return response(failed);
  }

  private static void attempt(
      String messageId, Set<String> failed, StructuredLog log, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException fault) {
      failed.add(messageId);
      log.error("A message failed", fault, Map.of("messageId", new Text(messageId)));
    }
  }

  private static <T> List<Received<T>> received(
      SQSMessage message, Function<String, ? extends List<? extends T>> decode) {
    String arn = message.getEventSourceArn();
    String queue = arn.substring(arn.lastIndexOf(':') + 1);
    List<Received<T>> parts = new ArrayList<>();
    decode
        .apply(message.getBody())
        .forEach(part -> parts.add(new Received<>(message.getMessageId(), queue, part)));
    return parts;
  }

  private static SQSBatchResponse response(Set<String> failed) {
    return new SQSBatchResponse(failed.stream().map(BatchItemFailure::new).toList());
  }
}
