package dev.perennial.aws.dynamodb;

import dev.perennial.domain.access.LinkKey;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The secret in the table {@code Definitions}: {@code pk = SECRET}, {@code sk = LINKS}. It is
 * written once and never changes.
 */
public final class DynamoLinkKey implements LinkKey {

  private static final int LENGTH = 32;
  private static final Map<String, AttributeValue> KEY =
      Map.of("pk", AttributeValue.fromS("SECRET"), "sk", AttributeValue.fromS("LINKS"));

  private final DynamoDbClient dynamo;
  private final String table;
  private final SecureRandom random = new SecureRandom();

  public DynamoLinkKey(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Optional<byte[]> find() {
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(KEY).consistentRead(true))
                .item());
    return item.isAbsent() ? Optional.empty() : Optional.of(item.bytes("secret"));
  }

  @Override
  public byte[] findOrMake() {
    return find().orElseGet(this::make);
  }

  private byte[] make() {
    byte[] secret = new byte[LENGTH];
    random.nextBytes(secret);
    Map<String, AttributeValue> item = new HashMap<>(KEY);
    item.put("secret", AttributeValue.fromB(SdkBytes.fromByteArray(secret)));
    try {
      dynamo.putItem(
          request ->
              request.tableName(table).item(item).conditionExpression("attribute_not_exists(pk)"));
      return secret;
    } catch (ConditionalCheckFailedException e) {
      return find().orElseThrow();
    }
  }
}
