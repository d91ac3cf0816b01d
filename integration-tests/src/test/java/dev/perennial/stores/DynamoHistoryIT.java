package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.domain.profile.History;
import dev.perennial.testkit.HistoryContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoHistoryIT implements HistoryContract {

  private final History history;

  DynamoHistoryIT(DynamoDbClient dynamo) {
    history = new DynamoHistory(dynamo, "History", "contract");
  }

  @Override
  public History history() {
    return history;
  }
}
