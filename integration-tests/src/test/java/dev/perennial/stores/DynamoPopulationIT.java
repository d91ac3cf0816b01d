package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoPopulation;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.profile.Population;
import dev.perennial.testkit.PopulationContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoPopulationIT implements PopulationContract {

  private final DynamoDbClient dynamo;

  DynamoPopulationIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
  }

  @Override
  public DynamoPeople people() {
    return new DynamoPeople(dynamo, "People", new DynamoTotals(dynamo, "Definitions"), "test");
  }

  @Override
  public Population population() {
    return new DynamoPopulation(dynamo, "People", people());
  }
}
