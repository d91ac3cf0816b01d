package dev.perennial.infrastructure.aws;

import static dev.perennial.infrastructure.aws.EvaluatedTemplate.arn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.infrastructure.aws.EvaluatedTemplate.Resource;
import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Setting;
import dev.perennial.topology.Table;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;

@EnabledIf(
    value = "dev.perennial.infrastructure.aws.Synthesis#nodeIsOnThePath",
    disabledReason = "CDK needs Node: there is no node on the PATH")
final class PerennialStackTest {

  static List<Function> functions() {
    return Topology.functions();
  }

  @Test
  void everyFunctionOfTheTopologyAndNoOtherIsDeployed() {
    assertThat(template().ofType("AWS::Lambda::Function").map(it -> it.text("FunctionName")))
        .containsExactlyInAnyOrderElementsOf(
            functions().stream().map(it -> "perennial-test-" + it.name()).toList());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void functionRunsItsHandlerFromASnapshot(Function function) {
    Resource lambda = lambda(function);

    assertThat(lambda.text("Handler")).isEqualTo(function.handler());
    assertThat(lambda.text("Runtime")).isEqualTo("java25");
    assertThat(lambda.list("Architectures")).isEqualTo(List.of("arm64"));
    assertThat(lambda.text("SnapStart", "ApplyOn")).isEqualTo("PublishedVersions");
    assertThat(lambda.text("MemorySize")).isEqualTo("" + function.memoryMiB());
    assertThat(lambda.text("Timeout")).isEqualTo("" + function.timeout().toSeconds());
    assertThat(lambda.text("TracingConfig", "Mode")).isEqualTo("Active");
    assertThat(lambda.text("LoggingConfig", "LogFormat")).isEqualTo("Text");
    assertThat(lambda.text("LoggingConfig", "LogGroup"))
        .isEqualTo("/aws/lambda/perennial-test-" + function.name());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aliasIsAPublishedVersionOfItsFunction(Function function) {
    Resource alias =
        template().named("AWS::Lambda::Alias", "FunctionName", "perennial-test-" + function.name());
    String version = alias.text("FunctionVersion");

    assertThat(alias.text("Name")).isEqualTo("live");
    assertThat(version).endsWith(".Version");
    Resource published = template().resources().get(version.replace(".Version", ""));
    assertThat(published).isNotNull();
    assertThat(published.type()).isEqualTo("AWS::Lambda::Version");
    assertThat(published.text("FunctionName")).isEqualTo("perennial-test-" + function.name());
  }

  @Test
  void functionsOfOneModuleShareItsCode() {
    Map<String, Set<String>> code =
        functions().stream()
            .collect(
                Collectors.groupingBy(
                    Function::module,
                    Collectors.mapping(
                        it -> lambda(it).text("Code", "S3Key"), Collectors.toSet())));

    assertThat(code.values()).allSatisfy(keys -> assertThat(keys).hasSize(1));
    assertThat(code.values().stream().flatMap(Set::stream).distinct()).hasSameSizeAs(code.keySet());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void environmentNamesWhatIsGrantedAndRead(Function function) {
    var expected = new TreeMap<String, String>();
    for (var grant : function.grants()) {
      switch (grant) {
        case Grant.OnTable(var table, _) -> {
          expected.put(table.variable(), "perennial-test-" + table.title());
          if (table == Table.DEFINITIONS) {
            expected.put("DEFINITIONS_FRESH_FOR", "PT1S");
          }
        }
        case Grant.OnQueue(var queue) ->
            expected.put(
                queue.variable(),
                "https://sqs.eu-west-1.amazonaws.com/111122223333/perennial-test-" + queue.title());
        case Grant.OnProvider(var provider) -> {
          expected.put("PUBLIC_URL", "ApiF70053CD.ApiEndpoint");
          switch (provider) {
            case PINPOINT -> expected.put("PINPOINT_APPLICATION_ID", "app1");
            case SES -> {
              expected.put("EMAIL_FROM", "hello@example.com");
              expected.put("SES_CONFIGURATION_SET", "perennial-test");
            }
          }
        }
      }
    }

    switch (function.name()) {
      case "RecordEvents" ->
          expected.putAll(Map.of("MOST_USER_IDS", "20", "QUARANTINE_BEYOND", "50"));
      case "ManageProfiles", "AmendIdentity" -> expected.put("MOST_USER_IDS", "20");
      case "ManagePrivacy" ->
          expected.putAll(Map.of("MOST_USER_IDS", "20", "ERASED_REFUSED_FOR", "P60D"));
      default -> {} // reads no setting
    }

    assertThat(lambda(function).at("Environment", "Variables")).isEqualTo(expected);
  }

  @Test
  void settingsComeFromTheContextAndEmptyOnesAreNone() {
    App app = new App();
    Map.of("stage", "prod", "emailFrom", "", "mostUserIds", "", "quarantineBeyond", "50")
        .forEach(app.getNode()::setContext);

    assertThat(Settings.of(app.getNode()))
        .isEqualTo(new Settings("prod", null, null, Map.of(Setting.QUARANTINE_BEYOND, "50")));
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void tableIsKeptAndCanBeRestored(Table table) {
    Resource resource =
        template().named("AWS::DynamoDB::Table", "TableName", "perennial-test-" + table.title());

    assertThat(resource.list("KeySchema"))
        .isEqualTo(
            List.of(
                Map.of("AttributeName", "pk", "KeyType", "HASH"),
                Map.of("AttributeName", "sk", "KeyType", "RANGE")));
    assertThat(resource.text("BillingMode")).isEqualTo("PAY_PER_REQUEST");
    assertThat(resource.text("TimeToLiveSpecification", "AttributeName")).isEqualTo("ttl");
    assertThat(resource.text("TimeToLiveSpecification", "Enabled")).isEqualTo("true");
    assertThat(resource.text("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"))
        .isEqualTo("true");
    assertThat(resource.text("SSESpecification", "SSEEnabled")).isEqualTo("true");
    assertThat(resource.text("DeletionProtectionEnabled")).isEqualTo("true");
    assertThat(resource.attributes().get("DeletionPolicy")).isEqualTo("Retain");
    assertThat(resource.attributes().get("UpdateReplacePolicy")).isEqualTo("Retain");
  }

  @ParameterizedTest
  @EnumSource(Queue.class)
  void queueGivesUpAfterFiveReceivesAndAnAlarmTells(Queue queue) {
    String dead = "perennial-test-" + queue.deadLetterTitle();
    Resource resource =
        template().named("AWS::SQS::Queue", "QueueName", "perennial-test-" + queue.title());

    assertThat(resource.text("RedrivePolicy", "maxReceiveCount")).isEqualTo("5");
    assertThat(resource.text("RedrivePolicy", "deadLetterTargetArn")).isEqualTo(arn("sqs", dead));
    assertThat(resource.text("VisibilityTimeout")).isEqualTo("" + queue.visibility().toSeconds());
    assertThat(resource.text("SqsManagedSseEnabled")).isEqualTo("true");
    assertThat(
            template().named("AWS::SQS::Queue", "QueueName", dead).text("MessageRetentionPeriod"))
        .isEqualTo("1209600");
    Resource alarm = template().named("AWS::CloudWatch::Alarm", "AlarmName", dead);
    assertThat(alarm.list("Dimensions"))
        .isEqualTo(List.of(Map.of("Name", "QueueName", "Value", dead)));
    assertThat(alarm.text("MetricName")).isEqualTo("ApproximateNumberOfMessagesVisible");
    assertThat(alarm.text("Threshold")).isEqualTo("1");
  }

  @Test
  void everyQueueRefusesPlainHttp() {
    assertThat(template().ofType("AWS::SQS::Queue")).hasSize(2 * Queue.values().length);
    assertThat(
            template()
                .ofType("AWS::SQS::QueuePolicy")
                .filter(it -> it.text("PolicyDocument").contains("aws:SecureTransport=false"))
                .flatMap(it -> it.list("Queues").stream()))
        .hasSize(2 * Queue.values().length);
  }

  @Test
  void everyQueueTriggerFeedsTheAliasAndTakesPartialFailures() {
    List<String> expected =
        functions().stream()
            .flatMap(
                function ->
                    function.triggers().stream()
                        .filter(Trigger.Sqs.class::isInstance)
                        .map(Trigger.Sqs.class::cast)
                        .map(
                            sqs ->
                                "%s > perennial-test-%s:live %d %d"
                                    .formatted(
                                        arn("sqs", "perennial-test-" + sqs.queue().title()),
                                        function.name(),
                                        sqs.batchSize(),
                                        sqs.concurrency())))
            .toList();

    List<Resource> mappings = template().ofType("AWS::Lambda::EventSourceMapping").toList();

    assertThat(mappings)
        .extracting(
            it ->
                "%s > %s %s %s"
                    .formatted(
                        it.text("EventSourceArn"),
                        it.text("FunctionName"),
                        it.text("BatchSize"),
                        it.text("ScalingConfig", "MaximumConcurrency")))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(mappings)
        .allSatisfy(
            it ->
                assertThat(it.list("FunctionResponseTypes"))
                    .isEqualTo(List.of("ReportBatchItemFailures")));
  }

  @Test
  void everyRouteReachesItsFunctionsAlias() {
    List<String> expected =
        functions().stream()
            .flatMap(
                function ->
                    function.triggers().stream()
                        .filter(Trigger.Http.class::isInstance)
                        .map(Trigger.Http.class::cast)
                        .map(http -> http.routeKey() + " > " + live(function)))
            .toList();

    assertThat(
            template()
                .ofType("AWS::ApiGatewayV2::Route")
                .map(it -> it.text("RouteKey") + " > " + integration(it).text("IntegrationUri")))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(template().ofType("AWS::ApiGatewayV2::Integration"))
        .allSatisfy(it -> assertThat(it.text("PayloadFormatVersion")).isEqualTo("2.0"));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void onlyItsCallersMayInvokeAFunction(Function function) {
    List<String> callers =
        function.triggers().stream()
            .flatMap(
                trigger ->
                    switch (trigger) {
                      case Trigger.Http _ -> Stream.of("apigateway.amazonaws.com");
                      case Trigger.Schedule _ -> Stream.of("events.amazonaws.com");
                      case Trigger.Sqs _ -> Stream.<String>empty();
                    })
            .distinct()
            .toList();

    List<Resource> permissions =
        template()
            .ofType("AWS::Lambda::Permission")
            .filter(
                it ->
                    it.text("FunctionName")
                        .contains(":" + lambda(function).text("FunctionName") + ":"))
            .toList();

    assertThat(permissions).extracting(it -> it.text("Principal")).isEqualTo(callers);
    assertThat(permissions)
        .allSatisfy(
            it -> {
              assertThat(it.text("FunctionName")).isEqualTo(live(function));
              assertThat(it.text("SourceArn")).isNotEmpty();
            });
  }

  @Test
  void scheduleCallsTheAlias() {
    Function tick =
        functions().stream()
            .filter(it -> it.triggers().stream().anyMatch(Trigger.Schedule.class::isInstance))
            .findFirst()
            .orElseThrow();
    Resource rule = template().named("AWS::Events::Rule", "Name", "perennial-test-" + tick.name());

    assertThat(rule.text("ScheduleExpression")).isEqualTo("rate(1 minute)");
    assertThat(rule.text("Targets")).contains("Arn=" + live(tick));
  }

  @Test
  void whatBecomesOfEmailsOfThisStageComesToItsQueue() {
    Resource rule = template().named("AWS::Events::Rule", "Name", "perennial-test-receipts");

    assertThat(rule.text("EventPattern"))
        .contains("source=[aws.ses]", "ses:configuration-set=[perennial-test]");
    assertThat(rule.text("Targets"))
        .contains("111122223333:perennial-test-receipts,", "perennial-test-receipts-dead");
  }

  @Test
  void accessLogHoldsNoPathsAndTheStageThrottles() {
    List<Resource> stages = template().ofType("AWS::ApiGatewayV2::Stage").toList();

    assertThat(stages).hasSize(1);
    assertThat(stages.getFirst().text("AccessLogSettings", "Format"))
        .contains("\"routeKey\":\"$context.routeKey\"")
        .doesNotContain("$context.path");
    assertThat(stages.getFirst().text("DefaultRouteSettings", "ThrottlingRateLimit")).isNotEmpty();
  }

  @Test
  void everyLogGroupForgets() {
    assertThat(template().ofType("AWS::Logs::LogGroup"))
        .hasSize(functions().size() + 1)
        .allSatisfy(it -> assertThat(it.text("RetentionInDays")).isEqualTo("30"));
  }

  @Test
  void twoSynthesesAreTheSameBytes(@TempDir Path folder) throws IOException {
    Synthesis again = Synthesis.into(folder.resolve("again"));

    Map<Path, String> first = files(Synthesis.shared().assembly());
    Map<Path, String> second = files(again.assembly());
    assertThat(second.keySet()).isEqualTo(first.keySet());
    assertThat(second.keySet())
        .filteredOn(file -> !second.get(file).equals(first.get(file)))
        .isEmpty();
  }

  /** An upgraded dependency would otherwise leave the old jar beside the new. */
  @Test
  void whatIsDeployedIsPackagedFromNothing() throws IOException {
    assertThat(Path.of("cdk.json")).content().contains("clean package");
  }

  @Test
  void functionThatIsNotPackagedIsNamed(@TempDir Path empty) {
    assertThatThrownBy(
            () ->
                new PerennialStack(
                    new App(), Synthesis.SETTINGS, empty, Environment.builder().build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("package the functions first");
  }

  private static Map<Path, String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      var contents = new TreeMap<Path, String>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file), Files.readString(file));
      }
      return contents;
    }
  }

  private static EvaluatedTemplate template() {
    return Synthesis.shared().template();
  }

  private static Resource lambda(Function function) {
    return template()
        .named("AWS::Lambda::Function", "FunctionName", "perennial-test-" + function.name());
  }

  private static String live(Function function) {
    return arn("lambda", "function:perennial-test-" + function.name() + ":live");
  }

  private static Resource integration(Resource route) {
    return template().resources().get(route.text("Target").replace("integrations/", ""));
  }
}
