package dev.perennial.local.meter;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One documented rule on capacity, as a call on a table that holds some items. DynamoDB Local
 * miscounts what is not there (keys of a BatchGetItem, an empty query, a deletion in a
 * BatchWriteItem) and transactions of several items, which it adds up before it rounds, and
 * condition checks, which it takes for small.
 *
 * @param rule as the pages "DynamoDB read and write operations", "DynamoDB transactions" and
 *     "Condition expressions" of AWS's developer guide state it
 * @param stored sizes in bytes, header of the key included, by sort key
 * @param request without the wish to know the consumed capacity
 * @param local what DynamoDB Local says of it; NaN where it says nothing, as with any error
 */
record CapacityCase(
    String rule,
    Map<String, Integer> stored,
    String operation,
    String request,
    Units expected,
    double local) {

  private static final String TABLE = "'TableName':'People'";
  static final String STRONG = ",'ConsistentRead':true";
  static final double SILENT = Double.NaN;
  static final Map<String, Integer> NOTHING = Map.of();

  @Override
  public String toString() {
    return rule + ": " + expected.read() + " read, " + expected.write() + " write units";
  }

  /** All rules. */
  static Stream<CapacityCase> all() {
    return Stream.concat(DocumentedReads.all(), DocumentedWrites.all());
  }

  CapacityCase local(double said) {
    return new CapacityCase(rule, stored, operation, request, expected, said);
  }

  static CapacityCase reads(
      String rule, Map<String, Integer> stored, String operation, String request, double units) {
    return new CapacityCase(rule, stored, operation, request, new Units(units, 0), units);
  }

  static CapacityCase writes(
      String rule, Map<String, Integer> stored, String operation, String request, double units) {
    return new CapacityCase(rule, stored, operation, request, new Units(0, units), units);
  }

  static Map<String, Integer> stored(Object... keysAndSizes) {
    return IntStream.range(0, keysAndSizes.length / 2)
        .boxed()
        .collect(
            Collectors.toMap(
                i -> (String) keysAndSizes[2 * i], i -> (Integer) keysAndSizes[2 * i + 1]));
  }

  /** An item of that many bytes; of 7 when that is less, for the key alone. */
  static String item(String key, int bytes) {
    int rest = bytes - 5 - key.length() - 1;
    return "{'pk':{'S':'p'},'sk':{'S':'"
        + key
        + "'}"
        + (rest < 0 ? "" : ",'d':{'S':'" + "x".repeat(rest) + "'}")
        + "}";
  }

  static String key(String key) {
    return "{'pk':{'S':'p'},'sk':{'S':'" + key + "'}}";
  }

  static String delete(String key, String more) {
    return "{" + TABLE + ",'Key':" + key(key) + more + "}";
  }

  static String put(String key, int bytes, String more) {
    return "{" + TABLE + ",'Item':" + item(key, bytes) + more + "}";
  }

  static String get(String key, String more) {
    return delete(key, more);
  }

  static String update(String key, String more) {
    return delete(key, more);
  }

  static String transactGet(String... keys) {
    return Stream.of(keys)
        .map(key -> part("Get", get(key, "")))
        .collect(Collectors.joining(",", "{'TransactItems':[", "]}"));
  }

  static String batchGet(String more, String... keys) {
    return Stream.of(keys)
        .map(CapacityCase::key)
        .collect(
            Collectors.joining(",", "{'RequestItems':{'People':{'Keys':[", "]" + more + "}}}"));
  }

  static String query(String more) {
    return "{"
        + TABLE
        + ",'KeyConditionExpression':'pk = :p','ExpressionAttributeValues':{':p':{'S':'p'}}"
        + more
        + "}";
  }

  static String filtered(String filter, String values, String more) {
    return "{"
        + TABLE
        + ",'KeyConditionExpression':'pk = :p','ExpressionAttributeValues':{':p':{'S':'p'}"
        + values
        + "},'FilterExpression':'"
        + filter
        + "'"
        + more
        + "}";
  }

  static String scan(String more) {
    return "{" + TABLE + more + "}";
  }

  static String batchPut(String key, int bytes) {
    return "{'PutRequest':{'Item':" + item(key, bytes) + "}}";
  }

  static String batchDelete(String key) {
    return "{'DeleteRequest':{'Key':" + key(key) + "}}";
  }

  static String batchWrite(String... parts) {
    return "{'RequestItems':{'People':[" + String.join(",", parts) + "]}}";
  }

  static String part(String kind, String request) {
    return "{'" + kind + "':" + request + "}";
  }

  static String transact(String... parts) {
    return "{'TransactItems':[" + String.join(",", parts) + "]}";
  }
}
