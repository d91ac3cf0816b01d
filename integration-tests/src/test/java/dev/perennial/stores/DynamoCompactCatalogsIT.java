package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoCompactCatalogs;
import dev.perennial.json.CompactCatalogs;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoCompactCatalogsIT {

  private final CompactCatalogs catalogs;
  private final CompactCatalogs ofAnotherRelease;

  DynamoCompactCatalogsIT(DynamoDbClient dynamo) {
    catalogs = new DynamoCompactCatalogs(dynamo, "Definitions", 101);
    ofAnotherRelease = new DynamoCompactCatalogs(dynamo, "Definitions", 102);
  }

  @Test
  void theNewestVersionIsKeptWholeAndForOneFormat() {
    byte[] large = new byte[800 * 1024];
    new Random(1).nextBytes(large);
    byte[] small = {1, 2, 3};

    assertThat(catalogs.find(0)).isEmpty();
    catalogs.put(7, large);
    assertThat(catalogs.find(7)).contains(large);
    assertThat(catalogs.find(6)).contains(large);
    assertThat(catalogs.find(8)).isEmpty();
    assertThat(ofAnotherRelease.find(7)).isEmpty();

    catalogs.put(6, small);
    assertThat(catalogs.find(6)).contains(large);

    catalogs.put(9, small);
    assertThat(catalogs.find(9)).contains(small);
  }
}
