package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoDefinitions;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.testkit.DefinitionsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoDefinitionsIT implements DefinitionsContract {

  private final Definitions definitions;

  DynamoDefinitionsIT(DynamoDbClient dynamo) {
    definitions = new DynamoDefinitions(dynamo, "Definitions");
  }

  @Override
  public Definitions definitions() {
    return definitions;
  }
}
