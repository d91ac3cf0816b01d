package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Queue;
import dev.perennial.topology.Table;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.QueueEncryption;

/**
 * What remembers: the tables and the queues, each queue with its dead-letter queue and an alarm on
 * that.
 */
final class Storage {

  private final Stack stack;
  private final Settings settings;
  private final Map<Table, software.amazon.awscdk.services.dynamodb.Table> tables =
      new EnumMap<>(Table.class);
  private final Map<Queue, software.amazon.awscdk.services.sqs.Queue> queues =
      new EnumMap<>(Queue.class);

  Storage(Stack stack, Settings settings) {
    this.stack = stack;
    this.settings = settings;
    for (Table table : Table.values()) {
      tables.put(table, create(table));
    }
    for (Queue queue : Queue.values()) {
      queues.put(queue, create(queue));
    }
  }

  software.amazon.awscdk.services.dynamodb.Table table(Table table) {
    return Objects.requireNonNull(tables.get(table));
  }

  software.amazon.awscdk.services.sqs.Queue queue(Queue queue) {
    return Objects.requireNonNull(queues.get(queue));
  }

  /** Where messages of that queue are given up. */
  IQueue deadLetters(Queue queue) {
    return Objects.requireNonNull(queue(queue).getDeadLetterQueue()).getQueue();
  }

  /** Outlives its stack: it holds people. */
  private software.amazon.awscdk.services.dynamodb.Table create(Table table) {
    return software.amazon.awscdk.services.dynamodb.Table.Builder.create(stack, table.title())
        .tableName(settings.named(table.title()))
        .partitionKey(key("pk"))
        .sortKey(key("sk"))
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .timeToLiveAttribute(Table.TTL_ATTRIBUTE)
        .pointInTimeRecoverySpecification(
            PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
        .encryption(TableEncryption.AWS_MANAGED)
        .deletionProtection(true)
        .removalPolicy(RemovalPolicy.RETAIN)
        .build();
  }

  private software.amazon.awscdk.services.sqs.Queue create(Queue queue) {
    var dead =
        software.amazon.awscdk.services.sqs.Queue.Builder.create(stack, queue.deadLetterTitle())
            .queueName(settings.named(queue.deadLetterTitle()))
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            // A dead message keeps its age: it must live longer than the 4 days of the queue it
            // came from.
            .retentionPeriod(Duration.days(14))
            .build();
    Alarm.Builder.create(stack, queue.deadLetterTitle() + "-alarm")
        .alarmName(settings.named(queue.deadLetterTitle()))
        .alarmDescription("Messages of " + queue.title() + " were given up and wait for a redrive")
        .metric(
            dead.metricApproximateNumberOfMessagesVisible(
                MetricOptions.builder().period(Duration.minutes(1)).statistic("Maximum").build()))
        .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
        .threshold(1)
        .evaluationPeriods(1)
        .treatMissingData(TreatMissingData.NOT_BREACHING)
        .build();
    return software.amazon.awscdk.services.sqs.Queue.Builder.create(stack, queue.title())
        .queueName(settings.named(queue.title()))
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true)
        .retentionPeriod(Duration.days(4))
        .visibilityTimeout(Duration.seconds(queue.visibility().toSeconds()))
        .deadLetterQueue(
            DeadLetterQueue.builder().queue(dead).maxReceiveCount(Queue.MAX_RECEIVES).build())
        .build();
  }

  private static Attribute key(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }
}
