package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.aws.queues.SqsClients;
import dev.perennial.aws.queues.SqsPublisher;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.LifecycleTick;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.BackfillCodec;
import dev.perennial.json.ChangedRules;
import dev.perennial.json.DueCodec;
import dev.perennial.lambda.Environment;
import dev.perennial.lambda.StructuredLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every minute: finds the timers that are due. Every hour: tells again of changes of rules that
 * some segment has no version after. A tick that fails or never came is made up for by the next
 * one, so its result says nothing.
 */
public final class LifecycleTickHandler implements RequestHandler<ScheduledEvent, @Nullable Void> {

  /** Time, in milliseconds, that reading the rest of the timers may take. */
  private static final int LEAST_MILLIS = 15_000;

  /** How many people one message tells of. */
  private static final int TOGETHER = 10;

  /** Who has been due for longer was told of several times. */
  private static final Duration LONG = Duration.ofHours(1);

  private final LifecycleTick lifecycleTick;
  private final Definitions definitions;
  private final Publisher<RulesChange> changes;
  private final InstantSource clock;

  public LifecycleTickHandler() {
    this(Environment.current());
  }

  private LifecycleTickHandler(Environment environment) {
    this(
        lifecycleTick(environment),
        new DynamoDefinitions(
            DynamoClients.open(environment.variables()), environment.require("TABLE_DEFINITIONS")),
        new SqsPublisher<>(
            SqsClients.open(environment.variables()),
            environment.require("QUEUE_BACKFILLS"),
            BackfillCodec::writeMessage),
        environment.clock());
  }

  LifecycleTickHandler(
      LifecycleTick lifecycleTick,
      Definitions definitions,
      Publisher<RulesChange> changes,
      InstantSource clock) {
    this.lifecycleTick = lifecycleTick;
    this.definitions = definitions;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    Instant now = clock.instant();
    int hopeless = lifecycleTick.tick(now, () -> context.getRemainingTimeInMillis() < LEAST_MILLIS);
    if (hopeless > 0) {
      new StructuredLog(context)
          .warn("Timers were told of for the last time", Map.of("timers", Num.of(hopeless)));
    }
    if (LocalTime.ofInstant(now, ZoneOffset.UTC).getMinute() == 0) {
      changes.publish(ChangedRules.unmet(definitions));
    }
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
        due -> people.publish(together(List.copyOf(due), environment.clock().instant())),
        new SqsPublisher<>(
            sqs, environment.require("QUEUE_DUE_ENROLLMENTS"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_ERASURES"), DueCodec::writeMessage),
        new SqsPublisher<>(sqs, environment.require("QUEUE_DUE_SENDS"), DueCodec::writeMessage),
        nights -> nights.forEach(night -> scorings.publish(Scoring.of(night).works())));
  }

  /** Of whom it was told in vain is told alone: they may be why others in their message failed. */
  static List<List<Due>> together(List<Due> due, Instant now) {
    List<List<Due>> messages = new ArrayList<>();
    List<Due> fresh = new ArrayList<>();
    for (Due one : due) {
      if (one.minute().plus(LONG).isBefore(now)) {
        messages.add(List.of(one));
      } else {
        fresh.add(one);
      }
    }
    for (int from = 0; from < fresh.size(); from += TOGETHER) {
      messages.add(fresh.subList(from, Math.min(fresh.size(), from + TOGETHER)));
    }
    return messages;
  }
}
