package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoConsents;
import dev.perennial.aws.dynamodb.DynamoSends;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.testkit.SendsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoSendsIT implements SendsContract {

  private final DynamoConsents consents;
  private final Sends sends;

  DynamoSendsIT(DynamoDbClient dynamo) {
    consents = new DynamoConsents(dynamo, "People");
    sends = new DynamoSends(dynamo, "Sends", consents);
  }

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }
}
