package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import dev.perennial.json.SendCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Sends in the table {@code Sends}. A send is {@code pk = SEND#<id>, sk = SEND}; the claim of an
 * address is {@code pk = ADDRESS#<digest of definition, step, occurrence and address>, sk = CLAIM};
 * a person's list is {@code pk = PERSON#<person>, sk = <milliseconds>#<id>}, one row for each send,
 * written with it.
 */
public final class DynamoSends implements Sends, Traces {

  private static final int SETTLE_TRIES = 5;

  /** Sends that are forgotten in one go. */
  private static final int AT_ONCE = 50;

  private static final String FRESH = "attribute_not_exists(pk)";

  private final DynamoDbClient dynamo;
  private final String table;
  private final DynamoConsents consents;

  public DynamoSends(DynamoDbClient dynamo, String table, DynamoConsents consents) {
    this.dynamo = dynamo;
    this.table = table;
    this.consents = consents;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Optional<Send> find(String id) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(request -> request.tableName(table).key(key(id)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(read(new Item(item)));
  }

  @Override
  public Claim claim(Send send, Map<PersonId, Permissions> asked) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(put(next(send)));
    writes.add(put(addressClaim(send)));
    asked.forEach(
        (id, permissions) ->
            writes.add(
                TransactWriteItem.builder()
                    .conditionCheck(consents.check(id, permissions))
                    .build()));
    if (send.attempts() == 1) {
      writes.add(put(listing(send)));
    }
    return switch (Transactions.write(dynamo, writes)) {
      case Outcome.Written _ -> Claim.CLAIMED;
      // A known send matters more than all else. When nothing failed, another writer was in the
      // way.
      case Outcome.Refused refused ->
          refused.isCondition(0)
              ? Claim.TAKEN
              : refused.isCondition(1) ? Claim.DUPLICATE : Claim.STALE;
    };
  }

  @Override
  public boolean decline(Send send) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(put(next(send)));
    if (send.attempts() == 0) {
      writes.add(put(listing(send)));
    }
    return Transactions.write(dynamo, writes) instanceof Outcome.Written;
  }

  @Override
  public Optional<State> settle(Send send) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":state", text(send.state().name()));
    values.put(":attempts", number(send.attempts()));
    values.put(":claimed", text(State.CLAIMED.name()));
    values.put(":unknown", text(State.UNKNOWN.name()));
    StringBuilder update = new StringBuilder("SET #state = :state");
    if (send.providerId() != null) {
      values.put(":providerId", text(send.providerId()));
      update.append(", providerId = :providerId");
    }
    if (send.detail() != null) {
      values.put(":detail", text(send.detail()));
      update.append(", detail = :detail");
    } else {
      update.append(" REMOVE detail");
    }
    String open =
        "attempts = :attempts AND (#state = :claimed OR (#state = :unknown AND :state <>"
            + " :unknown))";
    for (int tries = 1; ; tries++) {
      try {
        Map<String, AttributeValue> before =
            dynamo
                .updateItem(
                    request ->
                        request
                            .tableName(table)
                            .key(key(send.id()))
                            .updateExpression(update.toString())
                            .conditionExpression(open)
                            .expressionAttributeNames(Map.of("#state", "state"))
                            .expressionAttributeValues(values)
                            .returnValues(ReturnValue.ALL_OLD))
                .attributes();
        return Optional.of(State.valueOf(new Item(before).text("state")));
      } catch (ConditionalCheckFailedException e) {
        return Optional.empty();
      } catch (TransactionConflictException e) {
        // Somebody tries to claim it meanwhile, in vain. How it went must not be lost over that.
        if (tries == SETTLE_TRIES) {
          throw e;
        }
        Transactions.PAUSE.after(tries);
      }
    }
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor) {
    String pk = ItemKey.of("PERSON", person.value());
    QueryResponse rows =
        dynamo.query(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", text(pk)))
                    .scanIndexForward(false)
                    .limit(limit)
                    .exclusiveStartKey(Cursor.key(pk, cursor)));
    List<Map<String, AttributeValue>> keys =
        rows.items().stream().map(row -> key(new Item(row).text("send"))).toList();
    List<Send> sends =
        BatchGet.inOrder(dynamo, table, keys).stream().map(item -> read(item)).toList();
    return new Page<>(sends, Cursor.after(rows.lastEvaluatedKey()));
  }

  /** {@inheritDoc} A send goes after the claim of its address, and its row last. */
  @Override
  public int forget(PersonId person) {
    List<Map<String, AttributeValue>> rows =
        dynamo
            .query(
                request ->
                    request
                        .tableName(table)
                        .consistentRead(true)
                        .limit(AT_ONCE)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(
                            Map.of(":pk", text(ItemKey.of("PERSON", person.value())))))
            .items();
    for (Map<String, AttributeValue> attributes : rows) {
      Item row = new Item(attributes);
      String id = row.text("send");
      find(id)
          .filter(send -> send.to() != null)
          .ifPresent(send -> delete(new Item(addressClaim(send).build().item()).key()));
      delete(key(id));
      delete(row.key());
    }
    return rows.size();
  }

  private void delete(Map<String, AttributeValue> key) {
    dynamo.deleteItem(request -> request.tableName(table).key(key));
  }

  /** The send as its next write, on condition that the one before leaves room for it. */
  private Put.Builder next(Send send) {
    int before = send.state() == State.CLAIMED ? send.attempts() - 1 : send.attempts();
    Put.Builder put = Put.builder().tableName(table).item(write(send));
    return before == 0
        ? put.conditionExpression(FRESH)
        : put.conditionExpression("#state = :retryable AND attempts = :before")
            .expressionAttributeNames(Map.of("#state", "state"))
            .expressionAttributeValues(
                Map.of(":retryable", text(State.RETRYABLE.name()), ":before", number(before)));
  }

  private Put.Builder addressClaim(Send send) {
    Address to = Objects.requireNonNull(send.to(), "a claim has an address");
    String address =
        Digest.of(send.definition(), send.step(), send.occurrence(), to.kind().name(), to.value());
    return Put.builder()
        .tableName(table)
        .item(
            Map.of(
                "pk", text(ItemKey.of("ADDRESS", address)),
                "sk", text("CLAIM"),
                "send", text(send.id())))
        .conditionExpression(FRESH + " OR send = :send")
        .expressionAttributeValues(Map.of(":send", text(send.id())));
  }

  private Put.Builder listing(Send send) {
    return Put.builder()
        .tableName(table)
        .item(
            Map.of(
                "pk", text(ItemKey.of("PERSON", send.person().value())),
                "sk", text(ItemKey.of(sortable(send.at()), send.id())),
                "send", text(send.id())));
  }

  private static TransactWriteItem put(Put.Builder put) {
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private static Map<String, AttributeValue> write(Send send) {
    Map<String, AttributeValue> item = new HashMap<>(key(send.id()));
    item.put("id", text(send.id()));
    item.put("person", text(send.person().value()));
    item.put("definition", text(send.definition()));
    item.put("step", text(send.step()));
    item.put("occurrence", text(send.occurrence()));
    item.put("content", text(send.content()));
    item.put("topic", text(send.topic()));
    item.put("at", text(send.at().toString()));
    item.put("state", text(send.state().name()));
    item.put("attempts", number(send.attempts()));
    item.put("findings", text(Json.text(SendCodec.findings(send.findings()))));
    if (send.to() != null) {
      item.put("addressKind", text(send.to().kind().name()));
      item.put("address", text(send.to().value()));
    }
    if (send.providerId() != null) {
      item.put("providerId", text(send.providerId()));
    }
    if (send.detail() != null) {
      item.put("detail", text(send.detail()));
    }
    return item;
  }

  private static Send read(Item item) {
    return new Send(
        item.text("id"),
        new PersonId(item.text("person")),
        item.text("definition"),
        item.text("step"),
        item.text("occurrence"),
        item.text("content"),
        item.text("topic"),
        Instant.parse(item.text("at")),
        State.valueOf(item.text("state")),
        Math.toIntExact(item.number("attempts")),
        item.has("address")
            ? new Address(Address.Kind.valueOf(item.text("addressKind")), item.text("address"))
            : null,
        SendCodec.findings(JsonNode.root(Json.readOwn(item.text("findings")))),
        item.has("providerId") ? item.text("providerId") : null,
        item.has("detail") ? item.text("detail") : null);
  }

  /** Milliseconds with leading zeros, so that texts sort as instants do, from 1970 to 2286. */
  private static String sortable(Instant at) {
    return "%013d".formatted(at.toEpochMilli());
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("pk", text(ItemKey.of("SEND", id)), "sk", text("SEND"));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
