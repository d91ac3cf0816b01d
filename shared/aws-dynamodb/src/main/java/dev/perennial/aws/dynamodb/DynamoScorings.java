package dev.perennial.aws.dynamodb;

import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.Scoring.Tally;
import dev.perennial.domain.segment.Scorings;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Packed;
import dev.perennial.json.RfmCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * How far scorings are, in the table {@code Definitions}: {@code pk = SCORING#<day>}, {@code sk =
 * <shard>}, {@code d} the packed customers, strongly consistent.
 */
public final class DynamoScorings implements Scorings {

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoScorings(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public List<Tally> tallies(Scoring scoring) {
    return dynamo
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key(scoring)))))
        .items()
        .stream()
        .map(Item::new)
        .map(DynamoScorings::tally)
        .toList();
  }

  @Override
  public boolean save(Scoring scoring, Tally tally, Instant keepUntil) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", AttributeValue.fromS(key(scoring)));
    item.put("sk", AttributeValue.fromS(Integer.toString(tally.shard())));
    item.put("steps", number(tally.steps()));
    item.put("done", AttributeValue.fromBool(tally.done()));
    item.put("ttl", number(keepUntil.getEpochSecond()));
    item.put(
        "d",
        AttributeValue.fromB(
            SdkBytes.fromByteArray(
                Packed.pack(new Fields(Map.of("c", RfmCodec.write(tally.customers())))))));
    if (tally.cursor() != null) {
      item.put("from", AttributeValue.fromS(tally.cursor()));
    }
    try {
      dynamo.putItem(
          put -> {
            put.tableName(table).item(item);
            if (tally.steps() == 1) {
              put.conditionExpression("attribute_not_exists(pk)");
            } else {
              put.conditionExpression("steps = :before")
                  .expressionAttributeValues(Map.of(":before", number(tally.steps() - 1)));
            }
          });
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static Tally tally(Item item) {
    Fields packed = (Fields) Packed.unpack(item.bytes("d"));
    return new Tally(
        Integer.parseInt(item.text("sk")),
        item.number("steps"),
        item.has("from") ? item.text("from") : null,
        item.truth("done"),
        RfmCodec.readCustomers(Objects.requireNonNull(packed.get("c"))));
  }

  private static String key(Scoring scoring) {
    return ItemKey.of("SCORING", scoring.day().toString());
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
