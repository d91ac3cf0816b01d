package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Digest;
import dev.perennial.json.CompactCatalogs;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Compact catalogs in the table {@code Definitions}: {@code pk = COMPACT#<format>}, {@code sk =
 * <part>}, each with the version that it was made of, how many parts there are and a digest of the
 * whole. Functions of different releases keep formats of their own. Parts of several wholes, as a
 * crash or two writers at once leave them, are none; whoever finds so makes and writes all anew.
 * What is counted is an item of its own, {@code pk = COMPACT#<format>#COUNTED}, never torn.
 */
public final class DynamoCompactCatalogs implements CompactCatalogs {

  /** Largest part, in bytes: an item has at most 400 KB. */
  private static final int LARGEST = 350 * 1024;

  private final DynamoDbClient dynamo;
  private final String table;
  private final AttributeValue partition;
  private final Map<String, AttributeValue> counted;

  public DynamoCompactCatalogs(DynamoDbClient dynamo, String table, int format) {
    this.dynamo = dynamo;
    this.table = table;
    this.partition = AttributeValue.fromS(ItemKey.of("COMPACT", Integer.toString(format)));
    this.counted =
        Map.of(
            "pk",
            AttributeValue.fromS(ItemKey.of("COMPACT", Integer.toString(format), "COUNTED")),
            "sk",
            AttributeValue.fromS("COUNTED"));
  }

  @Override
  public Optional<byte[]> find(long version) {
    List<Item> parts =
        dynamo
            .queryPaginator(
                request ->
                    request
                        .tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", partition)))
            .items()
            .stream()
            .map(Item::new)
            .toList();
    if (parts.isEmpty() || parts.getFirst().number("version") < version) {
      return Optional.empty();
    }
    String whole = parts.getFirst().text("whole");
    long count = parts.getFirst().number("parts");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Item part : parts.subList(0, (int) Math.min(count, parts.size()))) {
      if (!part.text("whole").equals(whole)) {
        return Optional.empty();
      }
      bytes.writeBytes(part.bytes("bytes"));
    }
    return parts.size() < count ? Optional.empty() : Optional.of(bytes.toByteArray());
  }

  @Override
  public Optional<byte[]> counted() {
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(counted).consistentRead(true))
                .item());
    return item.isAbsent() ? Optional.empty() : Optional.of(item.bytes("bytes"));
  }

  @Override
  public void put(long version, byte[] bytes, byte[] counters) {
    int parts = Math.max(1, (bytes.length + LARGEST - 1) / LARGEST);
    String whole = Digest.of(Base64.getEncoder().encodeToString(bytes));
    try {
      if (counters.length <= LARGEST) {
        put(version, counted, 1, "", counters);
      }
      // The first last: with it they are whole.
      for (int part = parts - 1; part >= 0; part--) {
        int from = part * LARGEST;
        put(
            version,
            Map.of(
                "pk",
                partition,
                "sk",
                AttributeValue.fromS(String.format(Locale.ROOT, "%03d", part))),
            parts,
            whole,
            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + LARGEST)));
      }
    } catch (ConditionalCheckFailedException _) {
      // Somebody else knows more.
    }
  }

  private void put(
      long version, Map<String, AttributeValue> key, int parts, String whole, byte[] bytes) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":version", AttributeValue.fromN(Long.toString(version)));
    values.put(":parts", AttributeValue.fromN(Integer.toString(parts)));
    values.put(":whole", AttributeValue.fromS(whole));
    values.put(":bytes", AttributeValue.fromB(SdkBytes.fromByteArray(bytes)));
    dynamo.updateItem(
        request ->
            request
                .tableName(table)
                .key(key)
                .updateExpression(
                    "SET #version = :version, #parts = :parts, #whole = :whole, #bytes = :bytes")
                // The same version again: whoever began may have died in between.
                .conditionExpression("attribute_not_exists(pk) OR #version <= :version")
                .expressionAttributeNames(
                    Map.of(
                        "#version", "version",
                        "#parts", "parts",
                        "#whole", "whole",
                        "#bytes", "bytes"))
                .expressionAttributeValues(values));
  }
}
