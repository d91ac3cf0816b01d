package dev.perennial.aws.dynamodb;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.PauseSwitch;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * What is paused, in the table {@code Definitions}: {@code pk = PAUSE}, {@code sk = PAUSE} says
 * what was asked for last, with a number that counts up; and {@value #SHARDS} copies of it, {@code
 * pk = PAUSE#<shard>}, are what claims check, each the one that its send chooses, so that claims do
 * not stand in each other's way. A change is over when all copies are made; they are made one by
 * one, for among many claims all at once would never be free, and the highest number stays.
 */
public final class DynamoPauseSwitch implements PauseSwitch {

  private static final int SHARDS = 64;
  private static final int TRIES = 8;

  /** A claim holds an item for some milliseconds; one in {@value #SHARDS} claims this item. */
  private static final int COPY_TRIES = 30;

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoPauseSwitch(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Position position() {
    return position(read(key()));
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Position position(String send) {
    return position(read(key(shard(send))));
  }

  private Item read(Map<String, AttributeValue> key) {
    return new Item(
        dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true)).item());
  }

  private static Position position(Item item) {
    Set<Channel> paused = EnumSet.noneOf(Channel.class);
    if (item.has("channels")) {
      item.texts("channels").forEach(channel -> paused.add(Channel.valueOf(channel)));
    }
    return new Position(
        paused, item.has("fence") ? Instant.ofEpochMilli(item.number("fence")) : null);
  }

  @Override
  public void pause(Set<Channel> channels) {
    change(
        known -> {
          Set<Channel> paused = EnumSet.noneOf(Channel.class);
          paused.addAll(known.paused());
          paused.addAll(channels);
          return new Position(paused, known.fencedUntil());
        });
  }

  @Override
  public void resume(Set<Channel> channels) {
    change(
        known -> {
          Set<Channel> paused = EnumSet.noneOf(Channel.class);
          paused.addAll(known.paused());
          paused.removeAll(channels);
          return new Position(paused, known.fencedUntil());
        });
  }

  @Override
  public void fence(Instant until) {
    change(
        known ->
            known.fencedUntil() != null && known.fencedUntil().isAfter(until)
                ? known
                : new Position(known.paused(), until));
  }

  /** Holds while the channel is not paused and the fence is that one. */
  ConditionCheck check(String send, Channel channel, @Nullable Instant fence) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":channel", AttributeValue.fromS(channel.name()));
    if (fence != null) {
      values.put(":fence", number(fence.toEpochMilli()));
    }
    return ConditionCheck.builder()
        .tableName(table)
        .key(key(shard(send)))
        .conditionExpression(
            "NOT contains(channels, :channel) AND "
                + (fence == null ? "attribute_not_exists(fence)" : "fence = :fence"))
        .expressionAttributeValues(values)
        .build();
  }

  /** Also when nothing changes: whoever asked for the same may have died among the copies. */
  private void change(UnaryOperator<Position> change) {
    for (int tries = 0; tries < TRIES; tries++) {
      Item known = read(key());
      long number = known.has("number") ? known.number("number") : 0;
      Position next = change.apply(position(known));
      if (put(key(), next, number + 1, number)) {
        for (int shard = 0; shard < SHARDS; shard++) {
          copy(key(shard), next, number + 1);
        }
        return;
      }
    }
    throw new IllegalStateException("others kept changing the pause switch");
  }

  private void copy(Map<String, AttributeValue> key, Position position, long number) {
    for (int tries = 1; tries <= COPY_TRIES; tries++) {
      try {
        // Of two changes that make their copies at once the later one stays.
        put(key, position, number, number - 1);
        return;
      } catch (TransactionConflictException e) {
        Transactions.PAUSE.after(Math.min(tries, 3));
      }
    }
    throw new IllegalStateException("claims kept standing in the way of the pause switch");
  }

  /** Whether it is put: nobody else has put a number above {@code last}. */
  private boolean put(Map<String, AttributeValue> key, Position position, long number, long last) {
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("number", number(number));
    if (!position.paused().isEmpty()) {
      item.put(
          "channels",
          AttributeValue.fromSs(position.paused().stream().map(Channel::name).toList()));
    }
    if (position.fencedUntil() != null) {
      item.put("fence", number(position.fencedUntil().toEpochMilli()));
    }
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(table)
                  .item(item)
                  .conditionExpression("attribute_not_exists(pk) OR #number <= :last")
                  .expressionAttributeNames(Map.of("#number", "number"))
                  .expressionAttributeValues(Map.of(":last", number(last))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static int shard(String send) {
    return Math.floorMod(send.hashCode(), SHARDS);
  }

  private static Map<String, AttributeValue> key() {
    return Map.of("pk", AttributeValue.fromS("PAUSE"), "sk", AttributeValue.fromS("PAUSE"));
  }

  private static Map<String, AttributeValue> key(int shard) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("PAUSE", "" + shard)),
        "sk", AttributeValue.fromS("PAUSE"));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
