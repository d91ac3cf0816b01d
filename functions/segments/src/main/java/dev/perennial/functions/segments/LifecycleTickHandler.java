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
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.DueCodec;
import dev.perennial.lambda.Environment;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Every minute: finds the timers that are due. A tick that fails or never came is made up for by
 * the next one, so its result says nothing.
 */
public final class LifecycleTickHandler implements RequestHandler<ScheduledEvent, @Nullable Void> {

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
    lifecycleTick.tick(clock.instant());
    return null;
  }

  private static LifecycleTick lifecycleTick(Environment environment) {
    var sqs = SqsClients.open(environment.variables());
    Publisher<Scoring.Work> scorings =
        new SqsPublisher<>(
            sqs, environment.require("QUEUE_BACKFILLS"), BackfillCodec::writeMessage);
    return new LifecycleTick(
        new DynamoTimers(
            DynamoClients.open(environment.variables()), environment.require("TABLE_TIMERS")),
        new SqsPublisher<>(sqs, environment.require("QUEUE_DUE_PEOPLE"), DueCodec::writeMessage),
        new SqsPublisher<>(
            sqs, environment.require("QUEUE_DUE_ENROLLMENTS"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_ERASURES"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_DUE_SENDS"), DueCodec::writeMessage),
        nights -> nights.forEach(night -> scorings.publish(Scoring.of(night).works())));
  }
}
