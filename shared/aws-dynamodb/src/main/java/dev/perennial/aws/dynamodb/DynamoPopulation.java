package dev.perennial.aws.dynamodb;

import dev.perennial.domain.profile.Population;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * All people of the table {@code People}, whose items {@link DynamoPeople} owns, by parallel scans:
 * a segment of a scan is a shard. Strongly consistent. Pointers and whatever else lies in the table
 * are read too and left out.
 */
public final class DynamoPopulation implements Population {

  private final DynamoDbClient dynamo;
  private final String table;
  private final DynamoPeople people;

  /**
   * @param people the store whose table that is
   */
  public DynamoPopulation(DynamoDbClient dynamo, String table, DynamoPeople people) {
    this.dynamo = dynamo;
    this.table = table;
    this.people = people;
  }

  @Override
  public Stretch walk(int shard, int shards, int limit, @Nullable String cursor) {
    ScanResponse page =
        dynamo.scan(
            scan -> {
              scan.tableName(table)
                  .consistentRead(true)
                  .segment(shard)
                  .totalSegments(shards)
                  .limit(limit)
                  .filterExpression(
                      "sk = :person AND attribute_not_exists(#into)"
                          + " AND attribute_not_exists(erased)")
                  .expressionAttributeNames(Map.of("#into", "into"))
                  .expressionAttributeValues(Map.of(":person", AttributeValue.fromS("P")));
              if (cursor != null) {
                scan.exclusiveStartKey(key(cursor));
              }
            });
    return new Stretch(
        people.people(page.items().stream().map(Item::new).toList()),
        page.hasLastEvaluatedKey() ? cursor(new Item(page.lastEvaluatedKey())) : null);
  }

  /** Both parts of the key, the length of the first before them. */
  private static String cursor(Item key) {
    return key.text("pk").length() + ":" + key.text("pk") + key.text("sk");
  }

  private static Map<String, AttributeValue> key(String cursor) {
    int joint = cursor.indexOf(':') + 1;
    int end = joint + Integer.parseInt(cursor.substring(0, joint - 1));
    return Map.of(
        "pk", AttributeValue.fromS(cursor.substring(joint, end)),
        "sk", AttributeValue.fromS(cursor.substring(end)));
  }
}
