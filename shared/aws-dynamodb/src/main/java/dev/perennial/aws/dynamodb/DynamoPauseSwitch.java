package dev.perennial.aws.dynamodb;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.PauseSwitch;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What is paused, in the table {@code Definitions}: {@value #SHARDS} items that say the same, with
 * {@code pk = PAUSE#<shard>}, {@code sk = PAUSE}. Every claim checks one of them, chosen by the
 * send, so that claims do not stand in each other's way; a change is one transaction over all.
 */
public final class DynamoPauseSwitch implements PauseSwitch {

  private static final int SHARDS = 64;
  private static final int TRIES = 5;

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoPauseSwitch(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Position position() {
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(key(0)).consistentRead(true))
                .item());
    Set<Channel> paused = EnumSet.noneOf(Channel.class);
    if (item.has("channels")) {
      item.texts("channels").forEach(channel -> paused.add(Channel.valueOf(channel)));
    }
    return new Position(paused, item.has("fence") ? Instant.parse(item.text("fence")) : null);
  }

  @Override
  public void pause(Set<Channel> channels) {
    change("ADD channels :channels", channels);
  }

  @Override
  public void resume(Set<Channel> channels) {
    change("DELETE channels :channels", channels);
  }

  @Override
  public void fence(Instant until) {
    Instant standing = position().fencedUntil();
    if (standing == null || standing.isBefore(until)) {
      change("SET fence = :fence", Map.of(":fence", AttributeValue.fromS(until.toString())));
    }
  }

  /** Holds while the channel is not paused and the fence is that one. */
  ConditionCheck check(String send, Channel channel, @Nullable Instant fence) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":channel", AttributeValue.fromS(channel.name()));
    if (fence != null) {
      values.put(":fence", AttributeValue.fromS(fence.toString()));
    }
    return ConditionCheck.builder()
        .tableName(table)
        .key(key(Math.floorMod(send.hashCode(), SHARDS)))
        .conditionExpression(
            "NOT contains(channels, :channel) AND "
                + (fence == null ? "attribute_not_exists(fence)" : "fence = :fence"))
        .expressionAttributeValues(values)
        .build();
  }

  private void change(String expression, Set<Channel> channels) {
    if (!channels.isEmpty()) {
      List<String> names = channels.stream().map(Channel::name).toList();
      change(expression, Map.of(":channels", AttributeValue.fromSs(names)));
    }
  }

  private void change(String expression, Map<String, AttributeValue> values) {
    List<TransactWriteItem> writes =
        IntStream.range(0, SHARDS)
            .mapToObj(
                shard ->
                    TransactWriteItem.builder()
                        .update(
                            update ->
                                update
                                    .tableName(table)
                                    .key(key(shard))
                                    .updateExpression(expression)
                                    .expressionAttributeValues(values))
                        .build())
            .toList();
    for (int tries = 0; tries < TRIES; tries++) {
      if (Transactions.write(dynamo, writes) instanceof Transactions.Outcome.Written) {
        return;
      }
    }
    throw new IllegalStateException("claims kept standing in the way of the pause switch");
  }

  private static Map<String, AttributeValue> key(int shard) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("PAUSE", "" + shard)),
        "sk", AttributeValue.fromS("PAUSE"));
  }
}
