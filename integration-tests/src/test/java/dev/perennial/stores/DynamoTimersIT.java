package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.domain.timer.Timers;
import dev.perennial.testkit.TimersContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoTimersIT implements TimersContract {

  private final Timers timers;

  DynamoTimersIT(DynamoDbClient dynamo) {
    timers = new DynamoTimers(dynamo, "Timers");
  }

  @Override
  public Timers timers() {
    return timers;
  }
}
