package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.aws.dynamodb.DynamoCompactCatalogs;
import dev.perennial.json.CompactCatalogs;
import dev.perennial.testkit.Crashes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoCompactCatalogsIT {

  private static final byte[] COUNTED = {4};

  private final CompactCatalogs catalogs;
  private final CompactCatalogs ofAnotherRelease;

  private final DynamoDbClient dynamo;

  DynamoCompactCatalogsIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
    catalogs = new DynamoCompactCatalogs(dynamo, "Definitions", 101);
    ofAnotherRelease = new DynamoCompactCatalogs(dynamo, "Definitions", 102);
  }

  @Test
  void theNewestVersionIsKeptWholeAndForOneFormat() {
    byte[] large = new byte[800 * 1024];
    new Random(1).nextBytes(large);
    byte[] small = {1, 2, 3};

    assertThat(catalogs.find(0)).isEmpty();
    assertThat(catalogs.counted()).isEmpty();
    catalogs.put(7, large, COUNTED);
    assertThat(catalogs.find(7)).contains(large);
    assertThat(catalogs.find(6)).contains(large);
    assertThat(catalogs.find(8)).isEmpty();
    assertThat(ofAnotherRelease.find(7)).isEmpty();

    catalogs.put(6, small, COUNTED);
    assertThat(catalogs.find(6)).contains(large);

    catalogs.put(9, small, COUNTED);
    assertThat(catalogs.find(9)).contains(small);
  }

  @Test
  void whoeverComesAfterADeathAtAnyCallFindsAWholeOrMakesOne() {
    byte[] before = bytes(1);
    byte[] dying = bytes(2);
    byte[] anew = bytes(3);
    Crashes undisturbed = new Crashes();
    dying(undisturbed, 200).put(8, dying, COUNTED);
    assertThat(undisturbed.calls()).isEqualTo(4);

    int format = 201;
    for (int call = 0; call < undisturbed.calls(); call++) {
      for (boolean early : new boolean[] {true, false}) {
        CompactCatalogs next = new DynamoCompactCatalogs(dynamo, "Definitions", format);
        next.put(7, before, COUNTED);
        Crashes crashes = new Crashes();
        crashes.dieAt(call, early);
        CompactCatalogs dies = dying(crashes, format);
        assertThatThrownBy(() -> dies.put(8, dying, COUNTED)).isInstanceOf(Crashes.Crash.class);

        assertThat(next.counted()).contains(COUNTED);
        for (long version : new long[] {0, 7, 8}) {
          next.find(version).ifPresent(found -> assertThat(List.of(before, dying)).contains(found));
        }
        if (next.find(8).isEmpty()) {
          // Of the same version, and of other bytes: definitions may have changed meanwhile.
          next.put(8, anew, COUNTED);
          assertThat(next.find(8)).contains(anew);
        }
        format++;
      }
    }
  }

  private CompactCatalogs dying(Crashes crashes, int format) {
    return new DynamoCompactCatalogs(
        crashes.around(DynamoDbClient.class, dynamo), "Definitions", format);
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[800 * 1024];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
