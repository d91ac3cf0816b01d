package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Page;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** A partition of rows that list items of the same table. */
record Listing(DynamoDbClient dynamo, String table, String pk) {

  /**
   * A page of the items, those of the greatest rows first. Eventually consistent.
   *
   * @param key of the item that a row lists
   * @param cursor of the page before; null for the first
   */
  <T> Page<T> page(
      Function<Item, Map<String, AttributeValue>> key,
      Function<Item, T> reading,
      int limit,
      @Nullable String cursor) {
    QueryResponse rows =
        dynamo.query(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(pk)))
                    .scanIndexForward(false)
                    .limit(limit)
                    .exclusiveStartKey(Cursor.key(pk, cursor)));
    List<Map<String, AttributeValue>> keys = rows.items().stream().map(Item::new).map(key).toList();
    return new Page<>(
        BatchGet.inOrder(dynamo, table, keys).stream().map(reading).toList(),
        Cursor.after(rows.lastEvaluatedKey()));
  }
}
