package dev.perennial.local;

import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoKeys;
import dev.perennial.aws.dynamodb.DynamoTimers;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.timer.Timers;
import dev.perennial.topology.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the platform itself reads and writes in the tables. */
final class Stores implements AutoCloseable {

  static final String WRITE_KEY = "wk_local";
  static final String SECRET_KEY = "sk_local";

  private final DynamoDbClient dynamoDb;
  private final Timers timers;

  /**
   * @param variables that lead to the tables themselves, with no gateway between
   */
  Stores(Map<String, String> variables) {
    this.dynamoDb = DynamoClients.open(variables);
    this.timers = new DynamoTimers(dynamoDb, Table.TIMERS.title());
  }

  /** Stores the keys that the platform prints at its start. */
  void putKeys() {
    Keys keys = new DynamoKeys(dynamoDb, Table.DEFINITIONS.title());
    keys.put(new Key(hash(WRITE_KEY), "local", Key.Kind.WRITE, Set.of(Scope.INGEST)));
    keys.put(new Key(hash(SECRET_KEY), "local", Key.Kind.SECRET, Set.of(Scope.values())));
  }

  /** The earliest minute after one instant and not after another at which a timer fires. */
  Optional<Instant> nextDue(Instant after, Instant until) {
    return timers.nextDue(after, until);
  }

  /** Whether anybody is known. */
  boolean peopleExist() {
    return dynamoDb.scan(scan -> scan.tableName(Table.PEOPLE.title()).limit(1)).count() > 0;
  }

  @Override
  public void close() {
    dynamoDb.close();
  }

  private static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
