package dev.perennial.topology;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * One thing that a function may do. What no grant names is refused, on AWS by IAM and locally by
 * the gateway.
 */
public sealed interface Grant {

  /** Item operations on one table; a transaction needs the operation of each of its parts. */
  record OnTable(Table table, Set<TableAction> actions) implements Grant {
    public OnTable {
      actions = Set.copyOf(actions);
    }

    static OnTable of(Table table, TableAction first, TableAction... more) {
      EnumSet<TableAction> actions = EnumSet.of(first);
      actions.addAll(Arrays.asList(more));
      return new OnTable(table, actions);
    }
  }

  /** {@code sqs:SendMessage} on one queue (batches included). */
  record OnQueue(Queue queue) implements Grant {}

  /** A call that sends to people. */
  record OnProvider(Provider provider) implements Grant {}

  /** DynamoDB item operations, each with its IAM action. */
  enum TableAction {
    GET("dynamodb:GetItem"),
    BATCH_GET("dynamodb:BatchGetItem"),
    QUERY("dynamodb:Query"),
    SCAN("dynamodb:Scan"),
    PUT("dynamodb:PutItem"),
    UPDATE("dynamodb:UpdateItem"),
    DELETE("dynamodb:DeleteItem"),
    CHECK("dynamodb:ConditionCheckItem");

    private final String iamAction;

    TableAction(String iamAction) {
      this.iamAction = iamAction;
    }

    /** For example {@code dynamodb:GetItem}. */
    public String iamAction() {
      return iamAction;
    }
  }

  /** Services that reach people, each with the one IAM action used. */
  enum Provider {
    PINPOINT("mobiletargeting:SendMessages"),
    SES("ses:SendEmail");

    private final String iamAction;

    Provider(String iamAction) {
      this.iamAction = iamAction;
    }

    /** For example {@code ses:SendEmail}. */
    public String iamAction() {
      return iamAction;
    }
  }
}
