package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoLeases;
import dev.perennial.domain.delivery.Leases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoLeasesIT {

  private final Leases leases;

  DynamoLeasesIT(DynamoDbClient dynamo) {
    leases = new DynamoLeases(dynamo, "Sends");
  }

  @Test
  void aWindowIsLeasedUntilNothingIsLeftAndAnOldOneNoMore() {
    assertThat(leases.lease("EMAIL", 7, 4, 10)).isEqualTo(4);
    assertThat(leases.lease("EMAIL", 7, 4, 10)).isEqualTo(4);
    assertThat(leases.lease("EMAIL", 7, 4, 10)).isZero();
    assertThat(leases.lease("EMAIL", 7, 2, 10)).isEqualTo(2);
    assertThat(leases.lease("SMS", 7, 10, 10)).isEqualTo(10);
    assertThat(leases.lease("EMAIL", 8, 4, 10)).isEqualTo(4);
    assertThat(leases.lease("EMAIL", 7, 1, 10)).isZero();
    assertThat(leases.lease("PUSH", 7, 11, 10)).isZero();
  }
}
