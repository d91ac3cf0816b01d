package dev.perennial.aws.dynamodb;

import dev.perennial.domain.delivery.AskedMessages;
import dev.perennial.domain.delivery.Send;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * What was asked for, in the table {@code Sends}: {@code pk = ASKED#<send>, sk = ASKED}, for as
 * long as the send itself is kept.
 */
public final class DynamoAskedMessages implements AskedMessages {

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoAskedMessages(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public Asked ask(String id, Asked asked) {
    String pk = ItemKey.of("ASKED", id);
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(table)
                  .item(
                      Map.of(
                          "pk", AttributeValue.fromS(pk),
                          "sk", AttributeValue.fromS("ASKED"),
                          "fingerprint", AttributeValue.fromS(asked.fingerprint()),
                          "at", AttributeValue.fromS(asked.at().toString()),
                          "ttl",
                              AttributeValue.fromN(
                                  "" + asked.at().plus(Send.KEPT).getEpochSecond())))
                  .conditionExpression("attribute_not_exists(pk)"));
      return asked;
    } catch (ConditionalCheckFailedException e) {
      Item known =
          new Item(
              dynamo
                  .getItem(
                      request ->
                          request
                              .tableName(table)
                              .key(
                                  Map.of(
                                      "pk", AttributeValue.fromS(pk),
                                      "sk", AttributeValue.fromS("ASKED")))
                              .consistentRead(true))
                  .item());
      return new Asked(known.text("fingerprint"), Instant.parse(known.text("at")));
    }
  }
}
