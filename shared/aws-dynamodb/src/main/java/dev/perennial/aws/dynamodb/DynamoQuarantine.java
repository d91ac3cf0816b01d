package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.Pages;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.json.IdentifierCodec;
import dev.perennial.json.JsonNode;
import dev.perennial.json.Packed;
import dev.perennial.json.PageCodec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Quarantine in the table {@code History}. All reads but lists are strongly consistent.
 *
 * <ul>
 *   <li>{@code pk = Q#<hash of the owner>}, {@code sk = <milliseconds>#<digest>}: a batch, {@code
 *       d} packed as a page of history, {@code n} how many events, {@code ttl} when it may vanish.
 *   <li>{@code pk = QUARANTINE}, {@code sk = <hash of the owner>}: that something is kept, {@code
 *       o} the packed identifier, {@code n} how many events in all.
 * </ul>
 */
public final class DynamoQuarantine implements Quarantine, Traces {

  private static final String LIST = "QUARANTINE";

  /** Batches that are forgotten, or read, in one go. */
  private static final int AT_ONCE = 100;

  private final DynamoDbClient dynamo;
  private final String table;
  private final String workspace;

  public DynamoQuarantine(DynamoDbClient dynamo, String table, String workspace) {
    this.dynamo = dynamo;
    this.table = table;
    this.workspace = workspace;
  }

  @Override
  public void keep(Identifier owner, List<Event> events, Instant now, Instant keepUntil) {
    PersonId hash = owner.hash(workspace);
    for (List<Event> batch : Pages.cut(events)) {
      byte[] page = Packed.pack(PageCodec.write(new History.Page(null, batch, keepUntil)));
      String digest = Digest.of(Base64.getEncoder().encodeToString(page));
      String sk = ItemKey.of("%013d".formatted(now.toEpochMilli()), digest);
      Map<String, AttributeValue> item = new HashMap<>(key(partition(hash), sk));
      item.put("d", packed(page));
      item.put("n", number(batch.size()));
      item.put("ttl", number(keepUntil.getEpochSecond()));
      dynamo.putItem(request -> request.tableName(table).item(item));
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(key(LIST, hash.value()))
                  .updateExpression("SET o = :owner, since = if_not_exists(since, :now) ADD n :n")
                  .expressionAttributeValues(
                      Map.of(
                          ":owner", packed(Packed.pack(IdentifierCodec.write(owner))),
                          ":now", AttributeValue.fromS(now.toString()),
                          ":n", number(batch.size()))));
    }
  }

  @Override
  public Optional<Kept> find(PersonId owner) {
    return find(List.of(owner)).stream().findFirst();
  }

  @Override
  public List<Kept> find(Collection<PersonId> owners) {
    return BatchGet.inOrder(
            dynamo, table, owners.stream().map(owner -> key(LIST, owner.value())).toList(), true)
        .stream()
        .map(DynamoQuarantine::kept)
        .toList();
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Page<Kept> list(int limit, @Nullable String cursor) {
    QueryResponse rows =
        dynamo.query(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(LIST)))
                    .limit(limit)
                    .exclusiveStartKey(Cursor.key(LIST, cursor)));
    return new Page<>(
        rows.items().stream().map(row -> kept(new Item(row))).toList(),
        Cursor.after(rows.lastEvaluatedKey()));
  }

  @Override
  public List<Batch> batches(PersonId owner, String after, int limit) {
    return query(owner, after, limit).stream()
        .map(item -> new Batch(item.text("sk"), page(item).events()))
        .toList();
  }

  private static History.Page page(Item batch) {
    return PageCodec.read(
        Packed.unpack(batch.bytes("d")), Instant.ofEpochSecond(batch.number("ttl")));
  }

  @Override
  public boolean rewrite(PersonId owner, UnaryOperator<Event> change) {
    boolean changed = false;
    List<Item> batches = query(owner, "", AT_ONCE);
    while (!batches.isEmpty()) {
      for (Item batch : batches) {
        History.Page page = page(batch);
        List<Event> events = page.events().stream().map(change).toList();
        if (!events.equals(page.events())) {
          byte[] rewritten =
              Packed.pack(PageCodec.write(new History.Page(null, events, page.keepUntil())));
          replace(batch, rewritten);
          changed = true;
        }
      }
      batches = query(owner, batches.getLast().text("sk"), AT_ONCE);
    }
    return changed;
  }

  /** Unless somebody dropped the batch meanwhile. */
  private void replace(Item batch, byte[] page) {
    Map<String, AttributeValue> item = new HashMap<>(batch.attributes());
    item.put("d", packed(page));
    try {
      dynamo.putItem(
          request ->
              request.tableName(table).item(item).conditionExpression("attribute_exists(pk)"));
    } catch (ConditionalCheckFailedException e) {
      // Nothing is left to rewrite.
    }
  }

  @Override
  public void drop(PersonId owner, Batch batch) {
    try {
      dynamo.deleteItem(
          request ->
              request
                  .tableName(table)
                  .key(key(partition(owner), batch.id()))
                  .conditionExpression("attribute_exists(pk)"));
      dynamo.updateItem(
          request ->
              request
                  .tableName(table)
                  .key(key(LIST, owner.value()))
                  .updateExpression("ADD n :n")
                  .conditionExpression("attribute_exists(pk)")
                  .expressionAttributeValues(Map.of(":n", number(-batch.events().size()))));
    } catch (ConditionalCheckFailedException e) {
      // Somebody else dropped it, or closed the whole.
    }
  }

  @Override
  public void close(Kept known) {
    try {
      dynamo.deleteItem(
          request ->
              request
                  .tableName(table)
                  .key(key(LIST, known.id().value()))
                  .conditionExpression("n = :n")
                  .expressionAttributeValues(Map.of(":n", number(known.events()))));
    } catch (ConditionalCheckFailedException e) {
      // More came.
    }
  }

  @Override
  public int forget(PersonId owner) {
    List<Item> batches = query(owner, "", AT_ONCE);
    batches.forEach(
        batch -> dynamo.deleteItem(request -> request.tableName(table).key(batch.key())));
    if (batches.isEmpty()) {
      dynamo.deleteItem(request -> request.tableName(table).key(key(LIST, owner.value())));
    }
    return batches.size();
  }

  private List<Item> query(PersonId owner, String after, int limit) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":pk", AttributeValue.fromS(partition(owner)));
    if (!after.isEmpty()) {
      values.put(":after", AttributeValue.fromS(after));
    }
    return dynamo
        .query(
            request ->
                request
                    .tableName(table)
                    .consistentRead(true)
                    .limit(limit)
                    .keyConditionExpression(
                        after.isEmpty() ? "pk = :pk" : "pk = :pk AND sk > :after")
                    .expressionAttributeValues(values))
        .items()
        .stream()
        .map(Item::new)
        .toList();
  }

  private static Kept kept(Item item) {
    return new Kept(
        new PersonId(item.text("sk")),
        IdentifierCodec.read(JsonNode.root(Packed.unpack(item.bytes("o")))),
        Instant.parse(item.text("since")),
        item.number("n"));
  }

  private static AttributeValue packed(byte[] bytes) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static String partition(PersonId owner) {
    return ItemKey.of("Q", owner.value());
  }

  private static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }
}
