package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoScorings;
import dev.perennial.domain.segment.Scorings;
import dev.perennial.testkit.ScoringsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoScoringsIT implements ScoringsContract {

  private final Scorings scorings;

  DynamoScoringsIT(DynamoDbClient dynamo) {
    scorings = new DynamoScorings(dynamo, "Definitions");
  }

  @Override
  public Scorings scorings() {
    return scorings;
  }
}
