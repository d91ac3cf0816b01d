package dev.perennial.aws.dynamodb;

import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Standing;
import dev.perennial.domain.segment.Backfills;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * How far backfills are, in the table {@code Definitions}: {@code pk =
 * BACKFILL#<segment>#<version>#<set or gone>#<cuts>}, {@code sk = <shard>}, strongly consistent.
 */
public final class DynamoBackfills implements Backfills {

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoBackfills(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public List<Standing> standings(Backfill backfill) {
    return dynamo
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key(backfill)))))
        .items()
        .stream()
        .map(Item::new)
        .map(DynamoBackfills::standing)
        .toList();
  }

  @Override
  public boolean save(Backfill backfill, Standing standing, Instant keepUntil) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", AttributeValue.fromS(key(backfill)));
    item.put("sk", AttributeValue.fromS(Integer.toString(standing.shard())));
    item.put("steps", number(standing.steps()));
    item.put("people", number(standing.people()));
    item.put("done", AttributeValue.fromBool(standing.done()));
    item.put("ttl", number(keepUntil.getEpochSecond()));
    if (standing.cursor() != null) {
      item.put("from", AttributeValue.fromS(standing.cursor()));
    }
    try {
      dynamo.putItem(
          put -> {
            put.tableName(table).item(item);
            if (standing.steps() == 1) {
              put.conditionExpression("attribute_not_exists(pk)");
            } else {
              put.conditionExpression("steps = :before")
                  .expressionAttributeValues(Map.of(":before", number(standing.steps() - 1)));
            }
          });
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static Standing standing(Item item) {
    return new Standing(
        Integer.parseInt(item.text("sk")),
        item.number("steps"),
        item.number("people"),
        item.has("from") ? item.text("from") : null,
        item.truth("done"));
  }

  private static String key(Backfill backfill) {
    return ItemKey.of(
        "BACKFILL",
        backfill.segment().value(),
        Integer.toString(backfill.version()),
        backfill.deletion() ? "gone" : "set",
        Integer.toString(backfill.cuts()));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
