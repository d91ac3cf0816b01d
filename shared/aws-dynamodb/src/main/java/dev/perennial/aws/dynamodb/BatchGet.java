package dev.perennial.aws.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Reads many items of one table. */
final class BatchGet {

  /** Most keys that DynamoDB takes at once. */
  private static final int MOST = 100;

  /** What a throttled table leaves out is asked for again, so often in all. */
  private static final int MOST_TRIES = 6;

  private BatchGet() {}

  /**
   * The items of those keys in their order, without those that are not there. Eventually
   * consistent.
   */
  static List<Item> inOrder(
      DynamoDbClient dynamo, String table, List<Map<String, AttributeValue>> keys) {
    return inOrder(dynamo, table, keys, false);
  }

  /** The items of those keys in their order, without those that are not there. */
  static List<Item> inOrder(
      DynamoDbClient dynamo,
      String table,
      List<Map<String, AttributeValue>> keys,
      boolean consistent) {
    Map<Map<String, AttributeValue>, Item> found = new HashMap<>();
    for (int from = 0; from < keys.size(); from += MOST) {
      Map<String, KeysAndAttributes> left =
          Map.of(
              table,
              KeysAndAttributes.builder()
                  .keys(keys.subList(from, Math.min(keys.size(), from + MOST)))
                  .consistentRead(consistent)
                  .build());
      for (int tries = 1; !left.isEmpty(); tries++) {
        if (tries > MOST_TRIES) {
          throw new IllegalStateException("the table " + table + " gives nothing more");
        }
        if (tries > 1) {
          Transactions.PAUSE.after(tries - 1);
        }
        Map<String, KeysAndAttributes> asked = left;
        BatchGetItemResponse response = dynamo.batchGetItem(request -> request.requestItems(asked));
        for (Map<String, AttributeValue> item :
            response.responses().getOrDefault(table, List.of())) {
          Item one = new Item(item);
          found.put(one.key(), one);
        }
        left = response.unprocessedKeys();
      }
    }
    List<Item> items = new ArrayList<>();
    for (Map<String, AttributeValue> key : keys) {
      Item item = found.get(key);
      if (item != null) {
        items.add(item);
      }
    }
    return items;
  }
}
