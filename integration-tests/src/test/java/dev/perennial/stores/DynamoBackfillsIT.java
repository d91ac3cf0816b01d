package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoBackfills;
import dev.perennial.domain.segment.Backfills;
import dev.perennial.testkit.BackfillsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoBackfillsIT implements BackfillsContract {

  private final Backfills backfills;

  DynamoBackfillsIT(DynamoDbClient dynamo) {
    backfills = new DynamoBackfills(dynamo, "Definitions");
  }

  @Override
  public Backfills backfills() {
    return backfills;
  }
}
