package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Table;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.events.targets.SqsQueue;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.AliasOptions;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventInvokeConfigOptions;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.ses.CfnConfigurationSetEventDestination;
import software.amazon.awscdk.services.ses.CfnConfigurationSetEventDestination.EventBridgeDestinationProperty;
import software.amazon.awscdk.services.ses.CfnConfigurationSetEventDestination.EventDestinationProperty;
import software.amazon.awscdk.services.ses.ConfigurationSet;
import software.constructs.Construct;

/**
 * One stage of the platform: tables and queues, then each function with what starts it. Construct
 * ids are the topology's names and make up the logical ids: a new parent for a table would replace
 * it.
 */
final class PerennialStack extends Stack {

  private final Settings settings;
  private final Path artifacts;
  private final Storage storage;
  private final HttpFront front;
  private final FunctionRole roles;

  /**
   * @param artifacts the folder {@code functions}, with each module's packaged code in {@code
   *     target/lambda}
   * @throws IllegalStateException when a module has not been packaged
   */
  PerennialStack(Construct scope, Settings settings, Path artifacts, Environment environment) {
    super(
        scope,
        "Perennial",
        StackProps.builder()
            .stackName(settings.stackName())
            .description("Perennial, stage " + settings.stage())
            .env(environment)
            .build());
    this.settings = settings;
    this.artifacts = artifacts;
    this.storage = new Storage(this, settings);
    this.front = new HttpFront(this, settings);
    this.roles = new FunctionRole(this, settings, storage);
    if (settings.emailFrom() != null) {
      ConfigurationSet emails =
          ConfigurationSet.Builder.create(this, "Email")
              .configurationSetName(settings.stackName())
              .reputationMetrics(true)
              .build();
      tellReceipts(emails);
    }
    Topology.functions().forEach(this::deploy);
  }

  /** What becomes of emails comes by the account's default bus to the queue of receipts. */
  private void tellReceipts(ConfigurationSet emails) {
    CfnConfigurationSetEventDestination.Builder.create(this, "EmailEvents")
        .configurationSetName(emails.getConfigurationSetName())
        .eventDestination(
            EventDestinationProperty.builder()
                .enabled(true)
                .matchingEventTypes(List.of("DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"))
                .eventBridgeDestination(
                    EventBridgeDestinationProperty.builder()
                        .eventBusArn(
                            formatArn(
                                ArnComponents.builder()
                                    .service("events")
                                    .resource("event-bus")
                                    .resourceName("default")
                                    .build()))
                        .build())
                .build())
        .build();
    Rule.Builder.create(this, "Receipts")
        .ruleName(settings.named("receipts"))
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.ses"))
                .detail(
                    Map.of(
                        "mail",
                        Map.of(
                            "tags",
                            Map.of("ses:configuration-set", List.of(settings.stackName())))))
                .build())
        .targets(
            List.of(
                SqsQueue.Builder.create(storage.queue(Queue.RECEIPTS))
                    .deadLetterQueue(storage.deadLetters(Queue.RECEIPTS))
                    .build()))
        .build();
  }

  private void deploy(Function function) {
    Alias live = live(function);
    List<Trigger.Http> routes =
        function.triggers().stream()
            .filter(Trigger.Http.class::isInstance)
            .map(Trigger.Http.class::cast)
            .toList();
    if (!routes.isEmpty()) {
      front.route(function.name(), routes.stream(), live);
    }
    for (Trigger trigger : function.triggers()) {
      switch (trigger) {
        case Trigger.Http _ -> {}
        case Trigger.Sqs sqs -> consume(sqs, live);
        case Trigger.Schedule schedule -> schedule(function, schedule, live);
      }
    }
  }

  /**
   * The function and the alias that every trigger calls: SnapStart works on published versions
   * only.
   */
  private Alias live(Function function) {
    String name = settings.named(function.name());
    var logGroup =
        LogGroup.Builder.create(this, function.name() + "Log")
            .logGroupName("/aws/lambda/" + name)
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var lambda =
        software.amazon.awscdk.services.lambda.Function.Builder.create(this, function.name())
            .functionName(name)
            .runtime(Runtime.JAVA_25)
            .architecture(Architecture.ARM_64)
            .code(Code.fromAsset(artifact(function.module()).toString()))
            .handler(function.handler())
            .memorySize(function.memoryMiB())
            .timeout(Duration.seconds(function.timeout().toSeconds()))
            .environment(environment(function))
            .role(roles.create(function, logGroup))
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .tracing(Tracing.ACTIVE)
            .logGroup(logGroup)
            // The lines are JSON already; Lambda would wrap each as a string in JSON of its own.
            .loggingFormat(LoggingFormat.TEXT)
            .build();
    // CDK reminds everyone to publish a version; the alias does.
    Annotations.of(lambda).acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish");
    return lambda.addAlias("live", AliasOptions.builder().build());
  }

  private Map<String, String> environment(Function function) {
    Map<String, String> variables = new TreeMap<>();
    settings
        .tuned()
        .forEach(
            (setting, value) -> {
              if (function.settings().contains(setting)) {
                variables.put(setting.variable(), value);
              }
            });
    for (Grant grant : function.grants()) {
      switch (grant) {
        case Grant.OnTable(var table, _) -> {
          variables.put(table.variable(), storage.table(table).getTableName());
          if (table == Table.DEFINITIONS) {
            variables.put("DEFINITIONS_FRESH_FOR", "PT1S");
          }
        }
        case Grant.OnQueue(var queue) ->
            variables.put(queue.variable(), storage.queue(queue).getQueueUrl());
        case Grant.OnProvider(var provider) -> {
          variables.put("PUBLIC_URL", front.url());
          switch (provider) {
            case PINPOINT -> {
              if (settings.pinpointApplicationId() != null) {
                variables.put("PINPOINT_APPLICATION_ID", settings.pinpointApplicationId());
              }
            }
            case SES -> {
              if (settings.emailFrom() != null) {
                variables.put("EMAIL_FROM", settings.emailFrom());
                variables.put("SES_CONFIGURATION_SET", settings.stackName());
              }
            }
          }
        }
      }
    }
    return variables;
  }

  private void consume(Trigger.Sqs trigger, Alias live) {
    live.addEventSource(
        SqsEventSource.Builder.create(storage.queue(trigger.queue()))
            .batchSize(trigger.batchSize())
            .maxConcurrency(trigger.concurrency())
            .reportBatchItemFailures(true)
            .build());
  }

  /**
   * A rule, not EventBridge Scheduler: its event is the one that Lambda's own ScheduledEvent
   * describes.
   */
  private void schedule(Function function, Trigger.Schedule trigger, Alias live) {
    Duration every = Duration.seconds(trigger.every().toSeconds());
    // A late run has nothing to add to the next one, which takes all that is due.
    live.configureAsyncInvoke(
        EventInvokeConfigOptions.builder().maxEventAge(every).retryAttempts(0).build());
    Rule.Builder.create(this, function.name() + "Schedule")
        .ruleName(settings.named(function.name()))
        .schedule(Schedule.rate(every))
        .targets(
            List.of(
                LambdaFunction.Builder.create(live).maxEventAge(every).retryAttempts(0).build()))
        .build();
  }

  private Path artifact(String module) {
    Path artifact = artifacts.resolve(module).resolve("target").resolve("lambda");
    if (!Files.isDirectory(artifact.resolve("lib"))) {
      throw new IllegalStateException(
          artifact + " holds no code: package the functions first, as cdk.json does");
    }
    return artifact;
  }
}
