package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Function;
import dev.perennial.topology.Queue;
import dev.perennial.topology.Topology;
import dev.perennial.topology.Trigger;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.amazon.awscdk.Stack;

/** What cdk-nag is told to accept, each with its reason. */
final class Suppressions {

  private Suppressions() {}

  static void apply(Stack stack) {
    accept(
        stack,
        "Api",
        "AwsSolutions-APIG4",
        "The functions check write keys, secret keys and their scopes, and signed links need no"
            + " key");
    for (Queue queue : Queue.values()) {
      accept(
          stack,
          queue.deadLetterTitle(),
          "Serverless-SQSRedrivePolicy",
          "It is a dead-letter queue: an alarm calls a person, who moves its messages back");
    }
    accept(
        stack,
        "SendMessageRole",
        "AwsSolutions-IAM5",
        "SES checks every verified identity of a message, recipients too; the condition holds the"
            + " sender fast",
        "Resource::arn:<AWS::Partition>:ses:eu-west-1:111122223333:identity/*");
    for (Function function : Topology.functions()) {
      accept(
          stack,
          function.name() + "Role",
          "AwsSolutions-IAM5",
          "X-Ray has no resources to name; the role's test allows a star nowhere else",
          "Resource::*");
      accept(
          stack,
          function.name() + "Role",
          "Serverless-LambdaStarPermissions",
          "X-Ray has no resources to name; the role's test allows a star nowhere else");
      accept(
          stack,
          function.name(),
          "Serverless-LambdaDLQ",
          "It would take asynchronous calls: only a schedule makes them, and its next run does the"
              + " work of a lost one");
      for (Trigger trigger : function.triggers()) {
        switch (trigger) {
          case Trigger.Http _ -> {}
          case Trigger.Sqs _ ->
              accept(
                  stack,
                  function.name(),
                  "Serverless-LambdaEventSourceMappingDestination",
                  "It is for streams: a queue keeps a failed message and moves it to its"
                      + " dead-letter queue");
          case Trigger.Schedule _ -> {
            accept(
                stack,
                function.name(),
                "Serverless-LambdaAsyncFailureDestination",
                "The next run does the work of a lost one");
            accept(
                stack,
                function.name() + "Schedule",
                "Serverless-EventBusDLQ",
                "The next run does the work of a lost one");
          }
        }
      }
    }
  }

  private static void accept(
      Stack stack, String id, String rule, String reason, String... findings) {
    var suppression = NagPackSuppression.builder().id(rule).reason(reason);
    if (findings.length > 0) {
      suppression.appliesTo(List.of(findings));
    }
    NagSuppressions.addResourceSuppressions(
        stack.getNode().findChild(id), List.of(suppression.build()), true);
  }
}
