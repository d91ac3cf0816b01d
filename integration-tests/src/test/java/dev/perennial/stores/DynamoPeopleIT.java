package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Totals;
import dev.perennial.testkit.PeopleContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoPeopleIT implements PeopleContract {

  private final DynamoTotals totals;
  private final People people;

  DynamoPeopleIT(DynamoDbClient dynamo) {
    totals = new DynamoTotals(dynamo, "Definitions");
    people = new DynamoPeople(dynamo, "People", totals, WORKSPACE);
  }

  @Override
  public People people() {
    return people;
  }

  @Override
  public Totals totals() {
    return totals;
  }
}
