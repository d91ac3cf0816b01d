package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.json.EventCodec;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import dev.perennial.json.SendCodec;
import dev.perennial.json.SendRequestCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
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
 * address is {@code pk = ADDRESS#<digest of definition, step, round and address>, sk = CLAIM}; a
 * person's list is {@code pk = PERSON#<person>, sk = <milliseconds>#<id>}, one row for each send,
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
  private final DynamoPauseSwitch pauses;

  public DynamoSends(
      DynamoDbClient dynamo, String table, DynamoConsents consents, DynamoPauseSwitch pauses) {
    this.dynamo = dynamo;
    this.table = table;
    this.consents = consents;
    this.pauses = pauses;
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
  public Claim claim(Send send, @Nullable Send known, Fence fence) {
    Address to = Objects.requireNonNull(send.to(), "a claim has an address");
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(put(next(send, known)));
    writes.add(put(addressClaim(send, to)));
    if (known == null) {
      writes.add(put(listing(send)));
    }
    writes.add(
        TransactWriteItem.builder().conditionCheck(pauses.check(send.id(), to.channel())).build());
    Counted message =
        new Counted(send.id(), to.channel(), send.request().topic(), send.at(), fence.marketing());
    fence
        .asked()
        .forEach(
            (id, permissions) ->
                writes.add(
                    fence.counting().contains(id)
                        ? put(consents.put(id, permissions.counting(message)))
                        : TransactWriteItem.builder()
                            .conditionCheck(consents.check(id, permissions))
                            .build()));
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
  public boolean store(Send send, @Nullable Send known) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(put(next(send, known)));
    if (known == null) {
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
    if (!send.refused().isEmpty()) {
      values.put(":refused", refused(send));
      update.append(", refused = :refused");
    }
    StringJoiner removed = new StringJoiner(", ", " REMOVE ", "").setEmptyValue("");
    if (send.detail() != null) {
      values.put(":detail", text(send.detail()));
      update.append(", detail = :detail");
    } else {
      removed.add("detail");
    }
    if (send.request().event() == null) {
      removed.add("event");
    }
    update.append(removed);
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

  @Override
  public boolean receive(Receipt receipt) {
    String name = receiptName(receipt.kind());
    try {
      return dynamo
          .updateItem(
              request ->
                  request
                      .tableName(table)
                      .key(key(receipt.send()))
                      .updateExpression("SET #kind = :at")
                      .conditionExpression(
                          "attribute_exists(pk) AND (attribute_not_exists(#kind) OR #kind > :at)")
                      .expressionAttributeNames(Map.of("#kind", name))
                      .expressionAttributeValues(Map.of(":at", number(receipt.at().toEpochMilli())))
                      .returnValues(ReturnValue.UPDATED_OLD))
          .attributes()
          .isEmpty();
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  @Override
  public void visit(String id, Visit visit) {
    try {
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(key(id))
                  .updateExpression(
                      "SET visits = list_append(if_not_exists(visits, :none), :visit)")
                  .conditionExpression(
                      "attribute_exists(pk) AND (attribute_not_exists(visits) OR size(visits) <"
                          + " :most)")
                  .expressionAttributeValues(
                      Map.of(
                          ":none", AttributeValue.fromL(List.of()),
                          ":visit", AttributeValue.fromL(List.of(write(visit))),
                          ":most", number(Visit.MOST))));
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      // One of many, and nobody waits for it.
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
          .ifPresent(
              send -> {
                if (send.to() != null) {
                  delete(new Item(addressClaim(send, send.to()).build().item()).key());
                }
              });
      delete(key(id));
      delete(row.key());
    }
    return rows.size();
  }

  private void delete(Map<String, AttributeValue> key) {
    dynamo.deleteItem(request -> request.tableName(table).key(key));
  }

  /** The send as its next write, on condition that the known one is still there. */
  private Put.Builder next(Send send, @Nullable Send known) {
    Put.Builder put = Put.builder().tableName(table).item(write(send));
    return known == null
        ? put.conditionExpression(FRESH)
        : put.conditionExpression("#state = :known AND attempts = :before")
            .expressionAttributeNames(Map.of("#state", "state"))
            .expressionAttributeValues(
                Map.of(":known", text(known.state().name()), ":before", number(known.attempts())));
  }

  private Put.Builder addressClaim(Send send, Address to) {
    SendRequest request = send.request();
    String address =
        Digest.of(
            request.definition(), request.step(), request.round(), to.kind().name(), to.value());
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
                "pk", text(ItemKey.of("PERSON", send.request().person().value())),
                "sk", text(ItemKey.of(sortable(send.at()), send.id())),
                "send", text(send.id())));
  }

  private static TransactWriteItem put(Put.Builder put) {
    return TransactWriteItem.builder().put(put.build()).build();
  }

  private static Map<String, AttributeValue> write(Send send) {
    Map<String, AttributeValue> item = new HashMap<>(key(send.id()));
    item.put("id", text(send.id()));
    // All that was asked for, the event apart: that is needed for a while only.
    item.put("request", text(SendRequestCodec.writeMessage(send.request().with(null))));
    if (send.request().event() != null) {
      item.put("event", text(Json.text(EventCodec.write(send.request().event()))));
    }
    item.put("at", text(send.at().toString()));
    item.put("state", text(send.state().name()));
    item.put("attempts", number(send.attempts()));
    item.put("findings", text(Json.text(SendCodec.findings(send.findings()))));
    if (send.to() != null) {
      item.put("addressKind", text(send.to().kind().name()));
      item.put("address", text(send.to().value()));
    }
    if (!send.refused().isEmpty()) {
      item.put("refused", refused(send));
    }
    if (send.due() != null) {
      item.put("due", text(send.due().toString()));
    }
    if (send.providerId() != null) {
      item.put("providerId", text(send.providerId()));
    }
    if (send.detail() != null) {
      item.put("detail", text(send.detail()));
    }
    send.receipts().forEach((kind, at) -> item.put(receiptName(kind), number(at.toEpochMilli())));
    if (!send.visits().isEmpty()) {
      item.put(
          "visits", AttributeValue.fromL(send.visits().stream().map(DynamoSends::write).toList()));
    }
    return item;
  }

  private static Send read(Item item) {
    return new Send(
        item.text("id"),
        SendRequestCodec.readMessage(item.text("request")).with(event(item)),
        Instant.parse(item.text("at")),
        State.valueOf(item.text("state")),
        Math.toIntExact(item.number("attempts")),
        item.has("address")
            ? new Address(Address.Kind.valueOf(item.text("addressKind")), item.text("address"))
            : null,
        refused(item),
        SendCodec.findings(JsonNode.root(Json.readOwn(item.text("findings")))),
        item.has("due") ? Instant.parse(item.text("due")) : null,
        item.has("providerId") ? item.text("providerId") : null,
        item.has("detail") ? item.text("detail") : null,
        receipts(item),
        item.has("visits")
            ? item.list("visits").stream().map(DynamoSends::visit).toList()
            : List.of());
  }

  private static AttributeValue write(Visit visit) {
    return AttributeValue.fromM(
        Map.of("link", text(visit.link()), "at", number(visit.at().toEpochMilli())));
  }

  private static Visit visit(Item item) {
    return new Visit(item.text("link"), Instant.ofEpochMilli(item.number("at")));
  }

  private static String receiptName(Receipt.Kind kind) {
    return "receipt" + kind.name();
  }

  private static Map<Receipt.Kind, Instant> receipts(Item item) {
    Map<Receipt.Kind, Instant> receipts = new EnumMap<>(Receipt.Kind.class);
    for (Receipt.Kind kind : Receipt.Kind.values()) {
      if (item.has(receiptName(kind))) {
        receipts.put(kind, Instant.ofEpochMilli(item.number(receiptName(kind))));
      }
    }
    return receipts;
  }

  private static @Nullable Event event(Item item) {
    return item.has("event")
        ? EventCodec.read(JsonNode.root(Json.readOwn(item.text("event"))))
        : null;
  }

  private static AttributeValue refused(Send send) {
    return AttributeValue.fromSs(send.refused().stream().map(Channel::name).toList());
  }

  private static Set<Channel> refused(Item item) {
    return item.has("refused")
        ? item.texts("refused").stream().map(Channel::valueOf).collect(Collectors.toSet())
        : Set.of();
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
