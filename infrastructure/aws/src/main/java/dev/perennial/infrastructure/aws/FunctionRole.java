package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Grant.TableAction;
import dev.perennial.topology.Trigger;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;

/**
 * The role of one function: its grants, its trigger queues, its own log group and tracing, each
 * action and each ARN by name.
 */
final class FunctionRole {

  private final Stack stack;
  private final Settings settings;
  private final Storage storage;

  FunctionRole(Stack stack, Settings settings, Storage storage) {
    this.stack = stack;
    this.settings = settings;
    this.storage = storage;
  }

  /**
   * The role as a construct that no other construct can widen: CDK's own grants would add more than
   * the topology says.
   */
  IRole create(Function function, LogGroup logGroup) {
    List<PolicyStatement> statements =
        Stream.of(
                function.grants().stream().flatMap(this::statements),
                function.triggers().stream().flatMap(this::statements),
                Stream.of(
                    // The group's ARN ends in ":*", its streams: they are named by Lambda.
                    allow(
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                        List.of(logGroup.getLogGroupArn())),
                    // X-Ray knows no resources to name here.
                    allow(
                        List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
                        List.of("*"))))
            .flatMap(some -> some)
            .toList();
    return Role.Builder.create(stack, function.name() + "Role")
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .inlinePolicies(
            Map.of("grants", PolicyDocument.Builder.create().statements(statements).build()))
        .build()
        .withoutPolicyUpdates();
  }

  private Stream<PolicyStatement> statements(Grant grant) {
    return switch (grant) {
      case Grant.OnTable(var table, var actions) ->
          Stream.of(
              allow(
                  actions.stream().sorted().map(TableAction::iamAction).toList(),
                  List.of(storage.table(table).getTableArn())));
      case Grant.OnQueue(var queue) ->
          Stream.of(allow(List.of("sqs:SendMessage"), List.of(storage.queue(queue).getQueueArn())));
      case Grant.OnProvider(var provider) -> statements(provider);
    };
  }

  private Stream<PolicyStatement> statements(Trigger trigger) {
    return switch (trigger) {
      case Trigger.Sqs sqs ->
          Stream.of(
              allow(
                  List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
                  List.of(storage.queue(sqs.queue()).getQueueArn())));
      // Their callers hold a permission on the function instead.
      case Trigger.Http _, Trigger.Schedule _ -> Stream.empty();
    };
  }

  private Stream<PolicyStatement> statements(Grant.Provider provider) {
    return switch (provider) {
      case PINPOINT -> pinpoint(provider.iamAction());
      case SES -> ses(provider.iamAction());
    };
  }

  private Stream<PolicyStatement> pinpoint(String action) {
    String application = settings.pinpointApplicationId();
    return application == null
        ? Stream.empty()
        : Stream.of(
            allow(
                List.of(action),
                List.of(arn("mobiletargeting", "apps", application + "/messages"))));
  }

  /**
   * SES asks for every verified identity that a message touches, recipients too, and for the
   * configuration set; so the sender is what is held fast.
   */
  private Stream<PolicyStatement> ses(String action) {
    String sender = settings.emailAddress();
    return sender == null
        ? Stream.empty()
        : Stream.of(
            PolicyStatement.Builder.create()
                .actions(List.of(action))
                .resources(
                    List.of(
                        arn("ses", "identity", "*"),
                        arn("ses", "configuration-set", settings.stackName())))
                .conditions(Map.of("StringEquals", Map.of("ses:FromAddress", sender)))
                .build());
  }

  private String arn(String service, String resource, String name) {
    return stack.formatArn(
        ArnComponents.builder().service(service).resource(resource).resourceName(name).build());
  }

  private static PolicyStatement allow(List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
  }
}
