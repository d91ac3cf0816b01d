package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Fence;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Send;
import dev.perennial.domain.delivery.Send.State;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.delivery.SendTotals;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.delivery.Visit;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Sends in the table {@code Sends}. A send is {@code pk = SEND#<id>, sk = SEND}; the claim of an
 * address is {@code pk = ADDRESS#<digest of definition, step, round and address>, sk = CLAIM}; a
 * person's list is {@code pk = PERSON#<person>, sk = <milliseconds>#<id>}, one row for each send,
 * written with it. All of them vanish some time after {@link Send#keptUntil}, but for the claim of
 * an address in a round that is wider than one occurrence: it holds for good.
 */
public final class DynamoSends implements Sends, Traces {

  private static final int RECEIVE_TRIES = 5;
  private static final int SETTLE_TRIES = 5;
  private static final int VISIT_TRIES = 5;

  /** Sends that are forgotten in one go. */
  private static final int AT_ONCE = 50;

  private static final String FRESH = "attribute_not_exists(pk)";

  /** Of the claim of an address. */
  private static final String OURS = FRESH + " OR send = :send";

  private final DynamoDbClient dynamo;
  private final String table;
  private final DynamoConsents consents;
  private final DynamoPauseSwitch pauses;
  private final DynamoTotals totals;

  /**
   * @param consents that claims check
   * @param definitions table of the pause switch and of the totals
   */
  public DynamoSends(
      DynamoDbClient dynamo, String table, DynamoConsents consents, String definitions) {
    this.dynamo = dynamo;
    this.table = table;
    this.consents = consents;
    this.pauses = new DynamoPauseSwitch(dynamo, definitions);
    this.totals = new DynamoTotals(dynamo, definitions);
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Optional<Send> find(String id) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(request -> request.tableName(table).key(SendItem.key(id)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(SendItem.read(new Item(item)));
  }

  @Override
  public Claim claim(Send send, @Nullable Send known, Fence fence) {
    Address to = Objects.requireNonNull(send.to(), "a claim has an address");
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(next(send, known));
    writes.add(put(addressClaim(send, to)));
    if (known == null) {
      writes.add(put(listing(send)));
    }
    writes.add(
        TransactWriteItem.builder()
            .conditionCheck(pauses.check(send.id(), to.channel(), fence.fencedUntil()))
            .build());
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
    release(send, known, writes);
    count(SendTotals.changes(known, send), writes);
    return switch (Transactions.write(dynamo, writes)) {
      case Outcome.Written _ -> new Claim.Claimed();
      // A known send matters more than all else. When nothing failed, another writer was in the
      // way.
      case Outcome.Refused refused ->
          refused.isCondition(0)
              ? new Claim.Taken()
              : refused.isCondition(1) ? behind(send, to) : new Claim.Stale();
    };
  }

  /** What became of a claim of an address that another send held a moment ago. */
  private Claim behind(Send send, Address to) {
    Optional<String> holder = holder(send, to);
    if (holder.isEmpty()) {
      return new Claim.Stale();
    }
    Optional<Send> other = find(holder.get());
    if (other.isPresent()) {
      return Claim.behind(other.get(), to);
    }
    // A claim outlives its send where the round is wider than one occurrence; when whoever made it
    // is erased it goes first.
    return holder.equals(holder(send, to)) ? new Claim.Duplicate() : new Claim.Stale();
  }

  private Optional<String> holder(Send send, Address to) {
    Map<String, AttributeValue> key = new Item(addressClaim(send, to).build().item()).key();
    Map<String, AttributeValue> item =
        dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true)).item();
    return item.isEmpty() ? Optional.empty() : Optional.of(new Item(item).text("send"));
  }

  @Override
  public boolean store(Send send, @Nullable Send known) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(next(send, known));
    if (known == null) {
      writes.add(put(listing(send)));
    }
    release(send, known, writes);
    count(SendTotals.changes(known, send), writes);
    return Transactions.write(dynamo, writes) instanceof Outcome.Written;
  }

  private void count(Map<String, Integer> changes, List<TransactWriteItem> writes) {
    if (!changes.isEmpty()) {
      writes.add(TransactWriteItem.builder().update(totals.additions(changes)).build());
    }
  }

  @Override
  public Optional<State> settle(Send send) {
    // Most often nobody else has said anything of the attempt.
    Send known = send.asClaimed();
    for (int tries = 0; tries < SETTLE_TRIES; tries++) {
      List<TransactWriteItem> writes = new ArrayList<>();
      writes.add(next(send, known));
      count(SendTotals.changes(known, send), writes);
      if (writtenUnlessRefused(send.id(), writes)) {
        return Optional.of(known.state());
      }
      Optional<Send> now = find(send.id());
      if (now.isEmpty() || !now.get().givesWayTo(send)) {
        return Optional.empty();
      }
      known = now.get();
    }
    throw new IllegalStateException("others kept writing send " + send.id());
  }

  /** Whether it is written; false when the condition of the first write does not hold. */
  private boolean writtenUnlessRefused(String id, List<TransactWriteItem> writes) {
    return switch (Transactions.write(dynamo, writes)) {
      case Outcome.Written _ -> true;
      case Outcome.Refused refused -> {
        if (!refused.isCondition(0)) {
          throw new IllegalStateException("others kept writing send " + id);
        }
        yield false;
      }
    };
  }

  @Override
  public Optional<Send> receive(Receipt receipt) {
    String name = SendItem.receiptName(receipt.kind());
    for (int tries = 0; tries < RECEIVE_TRIES; tries++) {
      Optional<Send> found = find(receipt.send());
      Instant known = found.map(send -> send.receipts().get(receipt.kind())).orElse(null);
      if (found.isEmpty() || (known != null && !receipt.at().isBefore(known))) {
        return found;
      }
      Map<String, AttributeValue> values = new HashMap<>();
      values.put(":at", number(receipt.at().toEpochMilli()));
      if (known != null) {
        values.put(":known", number(known.toEpochMilli()));
      }
      Update received =
          Update.builder()
              .tableName(table)
              .key(SendItem.key(receipt.send()))
              .updateExpression("SET #kind = :at")
              .conditionExpression(
                  known == null
                      ? "attribute_exists(pk) AND attribute_not_exists(#kind)"
                      : "#kind = :known")
              .expressionAttributeNames(Map.of("#kind", name))
              .expressionAttributeValues(values)
              .build();
      List<TransactWriteItem> writes = new ArrayList<>();
      writes.add(TransactWriteItem.builder().update(received).build());
      if (known == null) {
        count(Map.of(SendTotals.of(found.get().channel(), receipt.kind()), 1), writes);
      }
      if (writtenUnlessRefused(receipt.send(), writes)) {
        return found.map(send -> send.with(receipt));
      }
    }
    throw new IllegalStateException("others kept writing send " + receipt.send());
  }

  @Override
  public Optional<Send> visit(String id, Visit visit) {
    for (int tries = 0; tries < VISIT_TRIES; tries++) {
      Optional<Send> written = tries == 0 ? append(id, visit) : replace(id, visit);
      if (written.isPresent()) {
        return written;
      }
    }
    // One of many, and nobody waits for it.
    return Optional.empty();
  }

  /** Empty when there is no such send, no room, or somebody else was in the way. */
  private Optional<Send> append(String id, Visit visit) {
    try {
      return Optional.of(
          SendItem.read(
              new Item(
                  dynamo
                      .updateItem(
                          request ->
                              request
                                  .tableName(table)
                                  .key(SendItem.key(id))
                                  .updateExpression(
                                      "SET visits = list_append(if_not_exists(visits, :none),"
                                          + " :visit)")
                                  .conditionExpression(
                                      "attribute_exists(pk) AND (attribute_not_exists(visits) OR"
                                          + " size(visits) < :most)")
                                  .expressionAttributeValues(
                                      Map.of(
                                          ":none", AttributeValue.fromL(List.of()),
                                          ":visit",
                                              AttributeValue.fromL(List.of(SendItem.write(visit))),
                                          ":most", number(Visit.MOST)))
                                  .returnValues(ReturnValue.ALL_NEW))
                      .attributes())));
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return Optional.empty();
    }
  }

  /** Empty when there is no such send, or somebody else was in the way. */
  private Optional<Send> replace(String id, Visit visit) {
    Optional<Send> found = find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Send next = found.get().with(visit);
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":next", SendItem.write(next.visits()));
    String condition = "attribute_exists(pk) AND attribute_not_exists(visits)";
    if (!found.get().visits().isEmpty()) {
      values.put(":known", SendItem.write(found.get().visits()));
      condition = "visits = :known";
    }
    String unchanged = condition;
    try {
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(SendItem.key(id))
                  .updateExpression("SET visits = :next")
                  .conditionExpression(unchanged)
                  .expressionAttributeValues(values));
      return Optional.of(next);
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return Optional.empty();
    }
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Page<Send> ofPerson(PersonId person, int limit, @Nullable String cursor) {
    return new Listing(dynamo, table, ItemKey.of("PERSON", person.value()))
        .page(row -> SendItem.key(row.text("send")), SendItem::read, limit, cursor);
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
                  forgetClaim(send, send.to());
                }
              });
      delete(SendItem.key(id));
      delete(row.key());
    }
    return rows.size();
  }

  /** Unless another send has claimed the address since. */
  private void forgetClaim(Send send, Address to) {
    try {
      dynamo.deleteItem(
          request ->
              request
                  .tableName(table)
                  .key(new Item(addressClaim(send, to).build().item()).key())
                  .conditionExpression(OURS)
                  .expressionAttributeValues(Map.of(":send", text(send.id()))));
    } catch (ConditionalCheckFailedException e) {
      // It is that one's now.
    }
  }

  private void delete(Map<String, AttributeValue> key) {
    dynamo.deleteItem(request -> request.tableName(table).key(key));
  }

  /**
   * The send as its next write, on condition that the known one is still there. Receipts and visits
   * of it come at any time, and stay.
   */
  private TransactWriteItem next(Send send, @Nullable Send known) {
    if (known == null) {
      return put(
          Put.builder().tableName(table).item(SendItem.write(send)).conditionExpression(FRESH));
    }
    Map<String, AttributeValue> decided = SendItem.decided(send);
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    StringJoiner set = new StringJoiner(", ", "SET ", "");
    StringJoiner removed = new StringJoiner(", ", " REMOVE ", "").setEmptyValue("");
    for (String name : SendItem.DECIDED) {
      names.put("#" + name, name);
      AttributeValue value = decided.get(name);
      if (value == null) {
        removed.add("#" + name);
      } else {
        set.add("#" + name + " = :" + name);
        values.put(":" + name, value);
      }
    }
    values.put(":known", text(known.state().name()));
    values.put(":before", number(known.attempts()));
    String condition = "#state = :known AND #attempts = :before";
    if (known.due() != null) {
      values.put(":waiting", text(known.due().toString()));
      condition += " AND #due = :waiting";
    }
    String unchanged = condition;
    return TransactWriteItem.builder()
        .update(
            update ->
                update
                    .tableName(table)
                    .key(SendItem.key(send.id()))
                    .updateExpression(set + removed.toString())
                    .conditionExpression(unchanged)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values))
        .build();
  }

  /** Frees the address that the send leaves. */
  private void release(Send send, @Nullable Send known, List<TransactWriteItem> writes) {
    if (known != null) {
      known
          .released(send)
          .ifPresent(
              left ->
                  writes.add(
                      TransactWriteItem.builder()
                          .delete(
                              delete ->
                                  delete
                                      .tableName(table)
                                      .key(new Item(addressClaim(send, left).build().item()).key())
                                      .conditionExpression(OURS)
                                      .expressionAttributeValues(Map.of(":send", text(send.id()))))
                          .build()));
    }
  }

  private Put.Builder addressClaim(Send send, Address to) {
    SendRequest request = send.request();
    String address =
        Digest.of(
            request.definition(), request.step(), request.round(), to.kind().name(), to.value());
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", text(ItemKey.of("ADDRESS", address)));
    item.put("sk", text("CLAIM"));
    item.put("send", text(send.id()));
    if (request.round().equals(request.occurrence())) {
      item.put(SendItem.TTL, SendItem.ttl(send));
    }
    return Put.builder()
        .tableName(table)
        .item(item)
        .conditionExpression(OURS)
        .expressionAttributeValues(Map.of(":send", text(send.id())));
  }

  private Put.Builder listing(Send send) {
    return Put.builder()
        .tableName(table)
        .item(
            Map.of(
                "pk",
                text(ItemKey.of("PERSON", send.request().person().value())),
                "sk",
                text(ItemKey.of(sortable(send.at()), send.id())),
                "send",
                text(send.id()),
                SendItem.TTL,
                SendItem.ttl(send)));
  }

  private static TransactWriteItem put(Put.Builder put) {
    return TransactWriteItem.builder().put(put.build()).build();
  }

  /** Milliseconds with leading zeros, so that texts sort as instants do, from 1970 to 2286. */
  private static String sortable(Instant at) {
    return "%013d".formatted(at.toEpochMilli());
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
