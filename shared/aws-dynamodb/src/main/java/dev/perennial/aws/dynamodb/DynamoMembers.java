package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Contended;
import dev.perennial.domain.Page;
import dev.perennial.domain.Pause;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The member index in the table {@code Definitions}. A segment has {@value #SHARDS} shards, each a
 * partition {@code pk = MEMBERS#<segment>#<shard>}:
 *
 * <ul>
 *   <li>{@code sk = PERSON#<person>}: the number and instant of the person's latest transition.
 *       People who left keep theirs, so that a late repeat cannot bring them back.
 *   <li>{@code sk = SIZE}: how many of these are members; changed in one transaction with them.
 * </ul>
 */
public final class DynamoMembers implements Members {

  private static final int SHARDS = 64;
  private static final int ATTEMPTS = 5;

  /** Least rows of a first query: those who left are read too, and there may be many. */
  private static final int ROWS_AT_ONCE = 200;

  /** Longer transactions only meet more contenders. */
  private static final int TRANSITIONS_AT_ONCE = 12;

  private final DynamoDbClient dynamo;
  private final String table;
  private final Pause pause;

  public DynamoMembers(DynamoDbClient dynamo, String table, Pause pause) {
    this.dynamo = dynamo;
    this.table = table;
    this.pause = pause;
  }

  @Override
  public void apply(Collection<Transition> transitions) {
    List<Transition> together = new ArrayList<>();
    Set<String> partitions = new HashSet<>();
    for (Transition transition : transitions) {
      // One transaction may write an item, here the size, only once.
      if (together.size() == TRANSITIONS_AT_ONCE || !partitions.add(partition(transition))) {
        applyTogether(together);
        together.clear();
        partitions.clear();
        partitions.add(partition(transition));
      }
      together.add(transition);
    }
    applyTogether(together);
  }

  @Override
  public void forget(PersonId person, SegmentId segment) {
    Map<String, AttributeValue> row = key(partition(person, segment), personKey(person.value()));
    dynamo.deleteItem(request -> request.tableName(table).key(row));
  }

  @Override
  public void forget(PersonId person, SegmentId segment, long number) {
    try {
      dynamo.deleteItem(
          request ->
              request
                  .tableName(table)
                  .key(key(partition(person, segment), personKey(person.value())))
                  .conditionExpression("#number = :number")
                  .expressionAttributeNames(Map.of("#number", "number"))
                  .expressionAttributeValues(Map.of(":number", number(number))));
    } catch (ConditionalCheckFailedException _) {
      // There is another by now, or none any more.
    }
  }

  @Override
  public long size(SegmentId segment) {
    return shardSizes(List.of(segment), true).values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public Map<SegmentId, Long> sizes(Collection<SegmentId> segments) {
    Map<SegmentId, Long> sizes = new HashMap<>();
    segments.forEach(segment -> sizes.put(segment, 0L));
    shardSizes(segments, false)
        .forEach((shard, size) -> sizes.merge(shard.segment(), size, Long::sum));
    return sizes;
  }

  @Override
  public Page<Member> list(SegmentId segment, int limit, @Nullable String cursor) {
    Position from = cursor == null ? new Position(0, "") : Position.parse(cursor);
    Map<Shard, Long> sizes = shardSizes(List.of(segment), true);
    List<Member> members = new ArrayList<>();
    Position last = from;
    for (int shard = from.shard(); shard < SHARDS; shard++) {
      if (sizes.getOrDefault(new Shard(segment, shard), 0L) > 0) {
        String after = shard == from.shard() ? from.person() : "";
        QueryRequest query = query(segment, shard, after, Math.max(limit + 1, ROWS_AT_ONCE));
        boolean more = true;
        while (more) {
          QueryResponse rows = dynamo.query(query);
          for (Map<String, AttributeValue> row : rows.items()) {
            if (members.size() == limit) {
              return new Page<>(members, last.text());
            }
            Member member = member(new Item(row));
            members.add(member);
            last = new Position(shard, member.person().value());
          }
          more = rows.hasLastEvaluatedKey();
          // So many rows were not enough as most people left: then as many as DynamoDB gives.
          query = query.toBuilder().limit(null).exclusiveStartKey(rows.lastEvaluatedKey()).build();
        }
      }
    }
    return new Page<>(members, null);
  }

  /** After which member of which shard a page begins. */
  private record Position(int shard, String person) {
    String text() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((shard + "#" + person).getBytes(StandardCharsets.UTF_8));
    }

    static Position parse(String cursor) {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int joint = text.indexOf('#');
      if (joint < 1) {
        throw new IllegalArgumentException("not a cursor");
      }
      int shard = Integer.parseInt(text.substring(0, joint));
      if (shard < 0 || shard >= SHARDS) {
        throw new IllegalArgumentException("not a cursor");
      }
      return new Position(shard, text.substring(joint + 1));
    }
  }

  private void applyTogether(List<Transition> transitions) {
    if (transitions.isEmpty()) {
      return;
    }
    List<TransactWriteItem> writes = new ArrayList<>();
    transitions.forEach(transition -> writes.addAll(writes(transition, transition.number() - 1)));
    if (Transactions.write(dynamo, writes) instanceof Outcome.Refused) {
      transitions.forEach(this::apply);
    }
  }

  private void apply(Transition transition) {
    long before = transition.number() - 1;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      switch (Transactions.write(dynamo, writes(transition, before))) {
        case Outcome.Written _ -> {
          return;
        }
        case Outcome.Refused refused -> {
          if (!refused.isCondition(0)) {
            pause.after(attempt);
            continue;
          }
          Item stored = new Item(refused.reasons().getFirst().item());
          before = stored.isAbsent() ? 0 : stored.number("number");
          if (before >= transition.number()) {
            return;
          }
        }
      }
    }
    throw new Contended("the members of a segment");
  }

  /** First the person's row, on condition that it is still at {@code before}, then the size. */
  private List<TransactWriteItem> writes(Transition transition, long before) {
    int change = (transition.entered() ? 1 : 0) - (before % 2 == 1 ? 1 : 0);
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":number", number(transition.number()));
    values.put(":since", AttributeValue.fromS(transition.at().toString()));
    values.put(":member", AttributeValue.fromBool(transition.entered()));
    if (before > 0) {
      values.put(":before", number(before));
    }
    TransactWriteItem row =
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(table)
                        .key(key(partition(transition), personKey(transition.person().value())))
                        .updateExpression(
                            "SET #number = :number, since = :since, #member = :member")
                        .conditionExpression(
                            before > 0 ? "#number = :before" : "attribute_not_exists(pk)")
                        .expressionAttributeNames(Map.of("#number", "number", "#member", "member"))
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD))
            .build();
    if (change == 0) {
      return List.of(row);
    }
    TransactWriteItem size =
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(table)
                        .key(key(partition(transition), "SIZE"))
                        .updateExpression("ADD members :change")
                        .expressionAttributeValues(Map.of(":change", number(change))))
            .build();
    return List.of(row, size);
  }

  private QueryRequest query(SegmentId segment, int shard, String after, int rows) {
    return QueryRequest.builder()
        .tableName(table)
        .consistentRead(true)
        .limit(rows)
        .keyConditionExpression("pk = :pk AND sk BETWEEN :after AND :end")
        .filterExpression("#member = :true")
        .expressionAttributeNames(Map.of("#member", "member"))
        .expressionAttributeValues(
            Map.of(
                ":pk", AttributeValue.fromS(partition(segment, shard)),
                // No person's key ends there, so the one named is not read again.
                ":after", AttributeValue.fromS(personKey(after) + (after.isEmpty() ? "" : "#")),
                ":end", AttributeValue.fromS("PERSON$"),
                ":true", AttributeValue.fromBool(true)))
        .build();
  }

  private static Member member(Item item) {
    return new Member(
        new PersonId(item.text("sk").substring("PERSON#".length())),
        Instant.parse(item.text("since")));
  }

  /** Sizes of the segments' shards; absent where nobody ever was a member. */
  private Map<Shard, Long> shardSizes(Collection<SegmentId> segments, boolean consistent) {
    Map<String, Shard> shards = new HashMap<>();
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    for (SegmentId segment : segments) {
      for (int shard = 0; shard < SHARDS; shard++) {
        shards.put(partition(segment, shard), new Shard(segment, shard));
        keys.add(key(partition(segment, shard), "SIZE"));
      }
    }
    Map<Shard, Long> sizes = new HashMap<>();
    for (Item item : BatchGet.inOrder(dynamo, table, keys, consistent)) {
      sizes.put(Objects.requireNonNull(shards.get(item.text("pk"))), item.number("members"));
    }
    return sizes;
  }

  private record Shard(SegmentId segment, int number) {}

  private static String partition(Transition transition) {
    return partition(transition.person(), transition.segment());
  }

  private static String partition(PersonId person, SegmentId segment) {
    return partition(segment, Math.floorMod(person.value().hashCode(), SHARDS));
  }

  private static String partition(SegmentId segment, int shard) {
    return ItemKey.of("MEMBERS", segment.value(), Integer.toString(shard));
  }

  /** Ids of people need no escape. */
  private static String personKey(String person) {
    return ItemKey.of("PERSON", person);
  }

  private static Map<String, AttributeValue> key(String partition, String sort) {
    return Map.of("pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromS(sort));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
