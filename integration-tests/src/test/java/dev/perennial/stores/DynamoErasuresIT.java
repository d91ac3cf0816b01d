package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoErasures;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Totals;
import dev.perennial.testkit.ErasuresContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoErasuresIT implements ErasuresContract {

  private final DynamoTotals totals;
  private final DynamoPeople people;
  private final DynamoConsents consents;
  private final DynamoErasures erasures;

  DynamoErasuresIT(DynamoDbClient dynamo) {
    totals = new DynamoTotals(dynamo, "Definitions");
    people = new DynamoPeople(dynamo, "People", totals, WORKSPACE);
    consents = new DynamoConsents(dynamo, "People");
    erasures = new DynamoErasures(dynamo, "People", "Definitions", totals, consents);
  }

  @Override
  public People people() {
    return people;
  }

  @Override
  public Totals totals() {
    return totals;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public Erasures erasures() {
    return erasures;
  }
}
