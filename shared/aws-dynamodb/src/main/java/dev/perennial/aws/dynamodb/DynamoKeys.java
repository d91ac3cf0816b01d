package dev.perennial.aws.dynamodb;

import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * API keys in the table {@code Definitions}: one item for each, with {@code pk = KEY#<hash>} and
 * {@code sk = KEY}.
 */
public final class DynamoKeys implements Keys {

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoKeys(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** {@inheritDoc} Strongly consistent: a key works as soon as it was put. */
  @Override
  public Optional<Key> find(String hash) {
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(key(hash)).consistentRead(true))
                .item());
    if (item.isAbsent()) {
      return Optional.empty();
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    item.texts("scopes").forEach(scope -> scopes.add(Scope.valueOf(scope)));
    return Optional.of(new Key(hash, item.text("name"), Kind.valueOf(item.text("kind")), scopes));
  }

  @Override
  public void put(Key key) {
    Map<String, AttributeValue> item = new HashMap<>(key(key.hash()));
    item.put("name", AttributeValue.fromS(key.name()));
    item.put("kind", AttributeValue.fromS(key.kind().name()));
    item.put(
        "scopes", AttributeValue.fromSs(key.scopes().stream().map(Scope::name).sorted().toList()));
    dynamo.putItem(request -> request.tableName(table).item(item));
  }

  private static Map<String, AttributeValue> key(String hash) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("KEY", hash)), "sk", AttributeValue.fromS("KEY"));
  }
}
