package dev.perennial.infrastructure.aws;

import static dev.perennial.infrastructure.aws.EvaluatedTemplate.arn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.infrastructure.aws.EvaluatedTemplate.Resource;
import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what each role allows, as pairs of one action and one resource, with what the topology
 * grants.
 */
@EnabledIf(
    value = "dev.perennial.infrastructure.aws.Synthesis#nodeIsOnThePath",
    disabledReason = "CDK needs Node: there is no node on the PATH")
final class FunctionRoleTest {

  private static final String FROM_HELLO = " if {StringEquals={ses:FromAddress=hello@example.com}}";

  static List<Function> functions() {
    return Topology.functions();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void roleAllowsTheGrantsAndNothingElse(Function function) {
    var expected = new ArrayList<String>();
    for (Grant grant : function.grants()) {
      switch (grant) {
        case Grant.OnTable(var table, var actions) ->
            actions.forEach(
                action ->
                    expected.add(
                        action.iamAction()
                            + " "
                            + arn("dynamodb", "table/perennial-test-" + table.title())));
        case Grant.OnQueue(var queue) ->
            expected.add("sqs:SendMessage " + arn("sqs", "perennial-test-" + queue.title()));
        case Grant.OnProvider(var provider) ->
            expected.addAll(
                switch (provider) {
                  case PINPOINT ->
                      List.of(
                          "mobiletargeting:SendMessages "
                              + arn("mobiletargeting", "apps/app1/messages"));
                  case SES ->
                      List.of(
                          "ses:SendEmail " + arn("ses", "identity/*") + FROM_HELLO,
                          "ses:SendEmail "
                              + arn("ses", "configuration-set/perennial-test")
                              + FROM_HELLO);
                });
      }
    }
    for (Trigger trigger : function.triggers()) {
      if (trigger instanceof Trigger.Sqs sqs) {
        Stream.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
            .map(action -> action + " " + arn("sqs", "perennial-test-" + sqs.queue().title()))
            .forEach(expected::add);
      }
    }
    String log = arn("logs", "log-group:/aws/lambda/perennial-test-" + function.name() + ":*");
    expected.add("logs:CreateLogStream " + log);
    expected.add("logs:PutLogEvents " + log);
    expected.add("xray:PutTraceSegments *");
    expected.add("xray:PutTelemetryRecords *");

    assertThat(allowed(function)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void rolesHaveNoOtherSourceOfPermissions() {
    EvaluatedTemplate template = Synthesis.shared().template();

    assertThat(template.ofType("AWS::IAM::Policy")).isEmpty();
    assertThat(template.ofType("AWS::IAM::ManagedPolicy")).isEmpty();
    assertThat(template.ofType("AWS::IAM::Role"))
        .hasSize(functions().size())
        .allSatisfy(
            role -> {
              assertThat(role.list("ManagedPolicyArns")).isEmpty();
              assertThat(role.text("AssumeRolePolicyDocument", "Statement"))
                  .contains("{Service=lambda.amazonaws.com}");
            });
  }

  private static List<String> allowed(Function function) {
    EvaluatedTemplate template = Synthesis.shared().template();
    String role =
        template
            .named("AWS::Lambda::Function", "FunctionName", "perennial-test-" + function.name())
            .text("Role");
    Resource resource = template.resources().get(role.replace(".Arn", ""));
    var allowed = new ArrayList<String>();
    for (Object policy : resource.list("Policies")) {
      var document = (Map<?, ?>) ((Map<?, ?>) policy).get("PolicyDocument");
      for (Object each : (List<?>) document.get("Statement")) {
        var statement = (Map<?, ?>) each;
        assertThat(statement.get("Effect")).isEqualTo("Allow");
        for (Object action : list(statement.get("Action"))) {
          for (Object to : list(statement.get("Resource"))) {
            allowed.add(
                action
                    + " "
                    + to
                    + (statement.containsKey("Condition")
                        ? " if " + statement.get("Condition")
                        : ""));
          }
        }
      }
    }
    return allowed;
  }

  private static List<?> list(Object oneOrMore) {
    return oneOrMore instanceof List<?> list ? list : List.of(oneOrMore);
  }
}
