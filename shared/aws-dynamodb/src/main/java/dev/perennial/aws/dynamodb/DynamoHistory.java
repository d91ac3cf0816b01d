package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Digest;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import dev.perennial.json.Packed;
import dev.perennial.json.PageCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * History in the table {@code History}: an item for each page, with {@code pk = H#<hash of the
 * owner>}, {@code sk = <number>#<digest>}, {@code d} the packed page and {@code ttl} when it may
 * vanish.
 */
public final class DynamoHistory implements History, Traces {

  /** Pages that are forgotten in one go. */
  private static final int AT_ONCE = 100;

  /** Pages that are read in one go where the newest may do. */
  private static final int PAGES_AT_ONCE = 64;

  private final DynamoDbClient dynamo;
  private final String table;
  private final String workspace;

  public DynamoHistory(DynamoDbClient dynamo, String table, String workspace) {
    this.dynamo = dynamo;
    this.table = table;
    this.workspace = workspace;
  }

  @Override
  public PageId append(
      Identifier owner, @Nullable PageId newest, List<Event> events, Instant keepUntil) {
    byte[] page = Packed.pack(PageCodec.write(new Page(newest, events, keepUntil)));
    PageId id =
        new PageId(
            newest == null ? 1 : newest.number() + 1,
            Digest.of(Base64.getEncoder().encodeToString(page)));
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", AttributeValue.fromS(pk(owner)));
    item.put("sk", AttributeValue.fromS(sk(id)));
    item.put("d", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(page)));
    item.put("ttl", AttributeValue.fromN("" + keepUntil.getEpochSecond()));
    dynamo.putItem(request -> request.tableName(table).item(item));
    return id;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Optional<Page> page(Identifier owner, PageId id) {
    Map<String, AttributeValue> key =
        Map.of("pk", AttributeValue.fromS(pk(owner)), "sk", AttributeValue.fromS(sk(id)));
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(key).consistentRead(true))
                .item());
    return item.isAbsent() ? Optional.empty() : Optional.of(page(item));
  }

  @Override
  public boolean rewrite(PersonId owner, UnaryOperator<Event> change) {
    boolean changed = false;
    QueryRequest query = pages(owner).build();
    for (Map<String, AttributeValue> attributes : dynamo.queryPaginator(query).items()) {
      Page page = page(new Item(attributes));
      List<Event> events = page.events().stream().map(change).toList();
      if (!events.equals(page.events())) {
        byte[] rewritten =
            Packed.pack(PageCodec.write(new Page(page.before(), events, page.keepUntil())));
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.put("d", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(rewritten)));
        dynamo.putItem(request -> request.tableName(table).item(item));
        changed = true;
      }
    }
    return changed;
  }

  @Override
  public int forget(PersonId owner) {
    QueryRequest query = pages(owner).limit(AT_ONCE).projectionExpression("pk, sk").build();
    List<Map<String, AttributeValue>> keys = dynamo.query(query).items();
    keys.forEach(key -> dynamo.deleteItem(request -> request.tableName(table).key(key)));
    return keys.size();
  }

  private QueryRequest.Builder pages(PersonId owner) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(pk(owner))))
        .consistentRead(true);
  }

  /** {@inheritDoc} Strongly consistent. Pages that vanished are left out, with all before them. */
  @Override
  public List<Event> read(Identifier owner, PageId newest, Instant since) {
    QueryRequest query =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :pk AND sk <= :newest")
            .expressionAttributeValues(
                Map.of(
                    ":pk", AttributeValue.fromS(pk(owner)),
                    ":newest", AttributeValue.fromS(sk(newest))))
            .scanIndexForward(false)
            .consistentRead(true)
            .limit(since.equals(Instant.MIN) ? null : PAGES_AT_ONCE)
            .build();
    List<Event> events = new ArrayList<>();
    PageId next = newest;
    for (Map<String, AttributeValue> attributes : dynamo.queryPaginator(query).items()) {
      Item item = new Item(attributes);
      if (next != null && item.text("sk").equals(sk(next))) {
        Page page = page(item);
        if (page.latest().isBefore(since)) {
          break;
        }
        events.addAll(page.events());
        next = page.before();
      }
    }
    return events;
  }

  private static Page page(Item item) {
    return PageCodec.read(
        Packed.unpack(item.bytes("d")), Instant.ofEpochSecond(item.number("ttl")));
  }

  private String pk(Identifier owner) {
    return pk(owner.hash(workspace));
  }

  private static String pk(PersonId owner) {
    return ItemKey.of("H", owner.value());
  }

  private static String sk(PageId id) {
    return ItemKey.of(String.format(Locale.ROOT, "%010d", id.number()), id.digest());
  }
}
