package dev.perennial.aws.dynamodb;

import dev.perennial.domain.profile.Totals;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Totals in the table {@code Definitions}: {@value #SHARDS} items for each family of names (what
 * comes before the first dot), with {@code pk = TOTAL#<family>#<shard>}, {@code sk = TOTAL}, and an
 * attribute for each name. Each addition goes to a shard at random, so that a partition's 1,000
 * writes a second are no limit and transactions seldom meet.
 */
public final class DynamoTotals implements Totals {

  private static final int SHARDS = 64;

  private final DynamoDbClient dynamo;
  private final String table;

  /** Unlike others it is seeded anew in each copy of a snapshot. */
  private final SecureRandom shards = new SecureRandom();

  public DynamoTotals(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public void add(String name, long n) {
    try {
      add(addition(name, n));
    } catch (TransactionConflictException e) {
      // A transaction held that shard; another one is likely free, and the next conflict is the
      // caller's.
      add(addition(name, n));
    }
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Map<String, Long> read(Collection<String> names) {
    Set<String> families = names.stream().map(DynamoTotals::family).collect(Collectors.toSet());
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    for (String family : families) {
      for (int shard = 0; shard < SHARDS; shard++) {
        keys.add(key(family, shard));
      }
    }
    Map<String, Long> totals = new HashMap<>();
    names.forEach(name -> totals.put(name, 0L));
    for (Item item : BatchGet.inOrder(dynamo, table, keys, false)) {
      totals.replaceAll((name, total) -> total + (item.has(name) ? item.number(name) : 0));
    }
    return totals;
  }

  /** The addition as part of a transaction. */
  Update addition(String name, long n) {
    return additions(Map.of(name, n));
  }

  /**
   * Additions to names of one family as one part of a transaction, which may write no item twice.
   */
  Update additions(Map<String, ? extends Number> all) {
    List<String> parts = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    all.forEach(
        (name, n) -> {
          int part = parts.size();
          parts.add("#name" + part + " :n" + part);
          names.put("#name" + part, name);
          values.put(":n" + part, AttributeValue.fromN("" + n));
        });
    return Update.builder()
        .tableName(table)
        .key(key(family(all.keySet().iterator().next()), shards.nextInt(SHARDS)))
        .updateExpression("ADD " + String.join(", ", parts))
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .build();
  }

  private void add(Update addition) {
    dynamo.updateItem(
        request ->
            request
                .tableName(addition.tableName())
                .key(addition.key())
                .updateExpression(addition.updateExpression())
                .expressionAttributeNames(addition.expressionAttributeNames())
                .expressionAttributeValues(addition.expressionAttributeValues()));
  }

  private static String family(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static Map<String, AttributeValue> key(String family, int shard) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("TOTAL", family, "" + shard)),
        "sk", AttributeValue.fromS("TOTAL"));
  }
}
