package dev.perennial.aws.dynamodb;

import dev.perennial.domain.delivery.Leases;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Leases in the table {@code Sends}: one item for each limit, {@code pk = LEASE#<limit>}, {@code sk
 * = LEASE}, with the running window and what is leased of it.
 */
public final class DynamoLeases implements Leases {

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoLeases(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public int lease(String limit, long window, int wanted, int most) {
    boolean leased =
        wanted <= most
            && (more(limit, window, wanted, most)
                || first(limit, window, wanted)
                // Somebody else was the first meanwhile.
                || more(limit, window, wanted, most));
    return leased ? wanted : 0;
  }

  private boolean more(String limit, long window, int wanted, int most) {
    return update(
        limit,
        "SET leased = leased + :wanted",
        "#window = :window AND leased <= :room",
        Map.of(
            ":wanted", number(wanted),
            ":window", number(window),
            ":room", number((long) most - wanted)));
  }

  private boolean first(String limit, long window, int wanted) {
    return update(
        limit,
        "SET leased = :wanted, #window = :window",
        "attribute_not_exists(pk) OR #window < :window",
        Map.of(":wanted", number(wanted), ":window", number(window)));
  }

  private boolean update(
      String limit, String update, String condition, Map<String, AttributeValue> values) {
    try {
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(
                      Map.of(
                          "pk", AttributeValue.fromS(ItemKey.of("LEASE", limit)),
                          "sk", AttributeValue.fromS("LEASE")))
                  .updateExpression(update)
                  .conditionExpression(condition)
                  .expressionAttributeNames(Map.of("#window", "window"))
                  .expressionAttributeValues(values));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
