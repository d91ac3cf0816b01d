package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoQuarantine;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.testkit.QuarantineContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoQuarantineIT implements QuarantineContract {

  private final Quarantine quarantine;

  DynamoQuarantineIT(DynamoDbClient dynamo) {
    quarantine = new DynamoQuarantine(dynamo, "History", WORKSPACE);
  }

  @Override
  public Quarantine quarantine() {
    return quarantine;
  }
}
