package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.DueCodec;
import dev.perennial.lambda.Environment;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Every minute: finds the timers that are due. A tick that fails or never came is made up for by
 * the next one, so its result says nothing.
 */
public final class LifecycleTickHandler implements RequestHandler<ScheduledEvent, @Nullable Void> {

  /** Time, in milliseconds, that reading the rest of the timers may take. */
  private static final int LEAST_MILLIS = 15_000;

  /** How many people one message tells of. */
  private static final int TOGETHER = 10;

  private final LifecycleTick lifecycleTick;
  private final InstantSource clock;

  public LifecycleTickHandler() {
    this(Environment.current());
  }

  private LifecycleTickHandler(Environment environment) {
    this(lifecycleTick(environment), environment.clock());
  }

  LifecycleTickHandler(LifecycleTick lifecycleTick, InstantSource clock) {
    this.lifecycleTick = lifecycleTick;
    this.clock = clock;
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    lifecycleTick.tick(clock.instant(), () -> context.getRemainingTimeInMillis() < LEAST_MILLIS);
    return null;
  }

  private static LifecycleTick lifecycleTick(Environment environment) {
    var sqs = SqsClients.open(environment.variables());
    Publisher<Scoring.Work> scorings =
        new SqsPublisher<>(
            sqs, environment.require("QUEUE_BACKFILLS"), BackfillCodec::writeMessage);
    Publisher<List<Due>> people =
        new SqsPublisher<>(sqs, environment.require("QUEUE_DUE_PEOPLE"), DueCodec::writeTogether);
    return new LifecycleTick(
        new DynamoTimers(
            DynamoClients.open(environment.variables()), environment.require("TABLE_TIMERS")),
        due -> people.publish(together(List.copyOf(due))),
        new SqsPublisher<>(
            sqs, environment.require("QUEUE_DUE_ENROLLMENTS"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_ERASURES"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_DUE_SENDS"), DueCodec::writeMessage),
        nights -> nights.forEach(night -> scorings.publish(Scoring.of(night).works())));
  }

  private static List<List<Due>> together(List<Due> due) {
    return IntStream.iterate(0, from -> from < due.size(), from -> from + TOGETHER)
        .mapToObj(from -> due.subList(from, Math.min(due.size(), from + TOGETHER)))
        .toList();
  }
}
