package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoPauseSwitch;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.profile.Totals;
import dev.perennial.testkit.SendsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoSendsIT implements SendsContract {

  private final DynamoConsents consents;
  private final DynamoPauseSwitch pauses;
  private final Totals totals;
  private final Sends sends;

  DynamoSendsIT(DynamoDbClient dynamo) {
    consents = new DynamoConsents(dynamo, "People");
    pauses = new DynamoPauseSwitch(dynamo, "Definitions");
    totals = new DynamoTotals(dynamo, "Definitions");
    sends = new DynamoSends(dynamo, "Sends", consents, "Definitions");
  }

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public Totals totals() {
    return totals;
  }

  @Override
  public PauseSwitch pauses() {
    return pauses;
  }
}
