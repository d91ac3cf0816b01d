package dev.perennial.aws.dynamodb;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * How far walks over shards of people are, in the table {@code Definitions}: {@code pk} that of the
 * walk, {@code sk = <shard>}, strongly consistent.
 */
final class DynamoShards {

  private final DynamoDbClient dynamo;
  private final String table;

  /**
   * Where the walk over one shard stands.
   *
   * @param steps how many were made
   * @param cursor where to go on; null at the beginning and at the end
   * @param done whether that is the end
   */
  record Place(int shard, long steps, @Nullable String cursor, boolean done) {
    static Place of(Item item) {
      return new Place(
          Integer.parseInt(item.text("sk")),
          item.number("steps"),
          item.has("from") ? item.text("from") : null,
          item.truth("done"));
    }
  }

  DynamoShards(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** The shards that were begun. */
  List<Item> list(String walk) {
    return dynamo
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(walk))))
        .items()
        .stream()
        .map(Item::new)
        .toList();
  }

  /**
   * Stores where a shard stands, on condition that it stood one step before.
   *
   * @param more attributes
   * @return false when somebody else is at work on the shard
   */
  boolean save(String walk, Place place, Map<String, AttributeValue> more, Instant keepUntil) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("pk", AttributeValue.fromS(walk));
    item.put("sk", AttributeValue.fromS(Integer.toString(place.shard())));
    item.put("steps", number(place.steps()));
    item.put("done", AttributeValue.fromBool(place.done()));
    item.put("ttl", number(keepUntil.getEpochSecond()));
    if (place.cursor() != null) {
      item.put("from", AttributeValue.fromS(place.cursor()));
    }
    try {
      dynamo.putItem(
          put -> {
            put.tableName(table).item(item);
            if (place.steps() == 1) {
              put.conditionExpression("attribute_not_exists(pk)");
            } else {
              put.conditionExpression("steps = :before")
                  .expressionAttributeValues(Map.of(":before", number(place.steps() - 1)));
            }
          });
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
