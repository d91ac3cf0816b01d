package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.local.aws.Backends;
import dev.perennial.topology.Table;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Hands a client of one DynamoDB Local for all tests to constructors, after emptying its tables.
 */
final class LocalTables implements ParameterResolver {

  private record Local(Backends backends, DynamoDbClient client) implements AutoCloseable {
    static Local start() {
      Backends backends =
          Backends.start(Path.of("../infrastructure/local/target"), null, InstantSource.system());
      return new Local(
          backends, DynamoClients.open(Map.of("AWS_ENDPOINT_URL", backends.dynamoDb().toString())));
    }

    @Override
    public void close() {
      client.close();
      backends.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == DynamoDbClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    DynamoDbClient client =
        context
            .getRoot()
            .getStore(Namespace.create(LocalTables.class))
            .computeIfAbsent(Local.class, _ -> Local.start(), Local.class)
            .client();
    empty(client);
    return client;
  }

  static void empty(DynamoDbClient client) {
    for (Table table : Table.values()) {
      List<Map<String, AttributeValue>> items =
          List.copyOf(
              client.scanPaginator(request -> request.tableName(table.title())).items().stream()
                  .toList());
      for (Map<String, AttributeValue> item : items) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().retainAll(List.of("pk", "sk"));
        client.deleteItem(request -> request.tableName(table.title()).key(key));
      }
    }
  }
}
