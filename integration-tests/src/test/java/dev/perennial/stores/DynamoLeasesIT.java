package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoLeases;
import dev.perennial.domain.delivery.Leases;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoLeasesIT {

  private static final int SENDERS = 6;

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

  @Test
  void whoeverAsksAtOnceGetsTheirPartOfANewWindow() throws Exception {
    for (long window = 1; window <= 10; window++) {
      long asked = window;
      CyclicBarrier together = new CyclicBarrier(SENDERS);
      List<Future<Integer>> answers = new ArrayList<>();
      try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
        for (int sender = 0; sender < SENDERS; sender++) {
          answers.add(
              senders.submit(
                  () -> {
                    together.await();
                    return leases.lease("together", asked, 5, 5 * SENDERS);
                  }));
        }
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(5);
      }
    }
  }
}
