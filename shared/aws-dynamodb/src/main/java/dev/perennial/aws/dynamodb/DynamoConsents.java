package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Digest;
import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Counted;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Consent in the table {@code People}: one item for each id that a person decided under and for
 * each address, with {@code pk = CONSENT#<id>} and {@code sk = CONSENT}, apart from the person's
 * own item so that a send can be conditional on it without minding events; and beside it the
 * history, one item for each decision, with {@code sk = DECISION#<digest of the decision>}. Blocked
 * addresses are listed under {@code pk = BLOCKED#<first character of the id>}, {@code sk = <id>},
 * in rows that are written with the block.
 */
public final class DynamoConsents implements Consents, Traces {

  /** Of which ids are made, in the order of keys. */
  private static final String ID_CHARACTERS = "234567abcdefghijklmnopqrstuvwxyz";

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoConsents(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Permissions of(PersonId person) {
    Item item =
        new Item(
            dynamo
                .getItem(request -> request.tableName(table).key(key(person)).consistentRead(true))
                .item());
    if (item.isAbsent()) {
      return Permissions.NONE;
    }
    return permissions(item);
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public Map<PersonId, Permissions> of(Set<PersonId> ids) {
    Map<String, PersonId> byKey = new HashMap<>();
    Map<PersonId, Permissions> found = new HashMap<>();
    for (PersonId id : ids) {
      byKey.put(pk(id), id);
      found.put(id, Permissions.NONE);
    }
    for (Item item :
        BatchGet.inOrder(dynamo, table, ids.stream().map(DynamoConsents::key).toList(), true)) {
      found.put(Objects.requireNonNull(byKey.get(item.text("pk"))), permissions(item));
    }
    return found;
  }

  /** {@inheritDoc} Also false when a send was checking them just then. */
  @Override
  public boolean save(PersonId person, Permissions permissions) {
    return Transactions.write(
            dynamo, List.of(write(put(person, permissions).build()), listing(person, permissions)))
        instanceof Transactions.Outcome.Written;
  }

  @Override
  public boolean recount(PersonId person, Permissions permissions) {
    return Transactions.writeOne(dynamo, put(person, permissions).build());
  }

  private TransactWriteItem listing(PersonId address, Permissions permissions) {
    Block block = permissions.block();
    if (block == null) {
      return TransactWriteItem.builder()
          .delete(row -> row.tableName(table).key(blockedKey(address)))
          .build();
    }
    Map<String, AttributeValue> row = new HashMap<>(blockedKey(address));
    row.putAll(write(block));
    return write(Put.builder().tableName(table).item(row).build());
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Page<Blocked> blocked(int limit, @Nullable String cursor) {
    String after = cursor == null ? "" : cursor;
    List<Blocked> found = new ArrayList<>();
    int first = after.isEmpty() ? 0 : Math.max(0, ID_CHARACTERS.indexOf(after.charAt(0)));
    for (int at = first; at < ID_CHARACTERS.length() && found.size() <= limit; at++) {
      String from = at == first && !after.isEmpty() ? after : "!";
      String pk = ItemKey.of("BLOCKED", ID_CHARACTERS.substring(at, at + 1));
      dynamo
          .query(
              request ->
                  request
                      .tableName(table)
                      .limit(limit + 1)
                      .keyConditionExpression("pk = :pk AND sk > :from")
                      .expressionAttributeValues(
                          Map.of(
                              ":pk", AttributeValue.fromS(pk),
                              ":from", AttributeValue.fromS(from))))
          .items()
          .forEach(row -> found.add(blocked(new Item(row))));
    }
    return found.size() <= limit
        ? new Page<>(found, null)
        : new Page<>(found.subList(0, limit), found.get(limit - 1).address().value());
  }

  private static Blocked blocked(Item row) {
    return new Blocked(new PersonId(row.text("sk")), block(row));
  }

  private static Map<String, AttributeValue> blockedKey(PersonId address) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("BLOCKED", address.value().substring(0, 1))),
        "sk", AttributeValue.fromS(address.value()));
  }

  /** {@inheritDoc} Also false when a send was checking them just then. */
  @Override
  public boolean save(PersonId person, Permissions permissions, Consent decision) {
    Map<String, AttributeValue> entry = new HashMap<>(write(decision));
    String digest =
        Digest.of(
            entry.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue().s())
                .sorted()
                .toArray(String[]::new));
    entry.put("pk", AttributeValue.fromS(pk(person)));
    entry.put("sk", AttributeValue.fromS(ItemKey.of("DECISION", digest)));
    Put history = Put.builder().tableName(table).item(entry).build();
    return Transactions.write(
            dynamo, List.of(write(put(person, permissions).build()), write(history)))
        instanceof Transactions.Outcome.Written;
  }

  /** {@inheritDoc} Strongly consistent. */
  @Override
  public List<Consent> history(Collection<PersonId> ids) {
    Set<Consent> history = new HashSet<>();
    // A decision is never stored without what it led to.
    of(Set.copyOf(ids))
        .forEach(
            (id, permissions) -> {
              if (permissions.version() > 0) {
                decisions(id).forEach(item -> history.add(read(item)));
              }
            });
    return history.stream().sorted(Comparator.comparing(Consent::at).reversed()).toList();
  }

  private List<Item> decisions(PersonId id) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk AND begins_with(sk, :decision)")
                    .expressionAttributeValues(
                        Map.of(
                            ":pk", AttributeValue.fromS(pk(id)),
                            ":decision", AttributeValue.fromS(ItemKey.prefix("DECISION")))))
        .items()
        .stream()
        .map(Item::new)
        .toList();
  }

  /** {@inheritDoc} What {@linkplain Permissions#outliving outlives} the person stays. */
  @Override
  public int forget(PersonId person) {
    int gone = forgetHistory(person);
    Permissions known = of(person);
    Permissions kept = known.outliving();
    if (known.version() == 0 || (kept.equals(known) && !kept.isEmpty())) {
      return gone;
    }
    // What is decided meanwhile must not go unread.
    boolean forgotten = kept.isEmpty() ? deleted(person, known) : save(person, kept);
    return forgotten ? gone + 1 : gone + forget(person);
  }

  private boolean deleted(PersonId person, Permissions known) {
    Delete delete =
        Delete.builder()
            .tableName(table)
            .key(key(person))
            .conditionExpression(unchanged(known))
            .expressionAttributeValues(values(known))
            .build();
    return Transactions.write(dynamo, List.of(TransactWriteItem.builder().delete(delete).build()))
        instanceof Transactions.Outcome.Written;
  }

  /** Deletes how it came about that the person agreed or not; answers how many decisions. */
  int forgetHistory(PersonId person) {
    List<Map<String, AttributeValue>> keys = decisions(person).stream().map(Item::key).toList();
    keys.forEach(key -> dynamo.deleteItem(request -> request.tableName(table).key(key)));
    return keys.size();
  }

  /**
   * Replaces what is stored by what outlives the person, so that nobody who read it before can
   * claim a send.
   */
  Put fence(PersonId person, Instant at) {
    Permissions known = of(person);
    Permissions kept = known.outliving();
    // More than any number of changes.
    long version = at.toEpochMilli();
    return put(person, new Permissions(version, kept.consents(), List.of(), kept.blocks()))
        .conditionExpression(unchanged(known))
        .expressionAttributeValues(values(known))
        .build();
  }

  /** The permissions as their next version, on condition that the stored one is theirs. */
  Put.Builder put(PersonId person, Permissions permissions) {
    Map<String, AttributeValue> item = new HashMap<>(key(person));
    item.put("version", number(permissions.version() + 1));
    item.put("consents", list(permissions.consents(), DynamoConsents::write));
    if (!permissions.counted().isEmpty()) {
      item.put("counted", list(permissions.counted(), DynamoConsents::write));
    }
    if (!permissions.blocks().isEmpty()) {
      item.put("blocks", list(List.copyOf(permissions.blocks()), DynamoConsents::write));
    }
    return Put.builder()
        .tableName(table)
        .item(item)
        .conditionExpression(unchanged(permissions))
        .expressionAttributeValues(values(permissions));
  }

  /** Holds while the person's permissions have that version. */
  ConditionCheck check(PersonId person, Permissions permissions) {
    return ConditionCheck.builder()
        .tableName(table)
        .key(key(person))
        .conditionExpression(unchanged(permissions))
        .expressionAttributeValues(values(permissions))
        .build();
  }

  private static String unchanged(Permissions permissions) {
    return permissions.version() == 0 ? "attribute_not_exists(pk)" : "version = :version";
  }

  private static @Nullable Map<String, AttributeValue> values(Permissions permissions) {
    return permissions.version() == 0 ? null : Map.of(":version", number(permissions.version()));
  }

  private static Map<String, AttributeValue> write(Consent consent) {
    Map<String, AttributeValue> fields = new HashMap<>();
    fields.put("channel", AttributeValue.fromS(consent.channel().name()));
    fields.put("topic", AttributeValue.fromS(consent.topic()));
    fields.put("decision", AttributeValue.fromS(consent.decision().name()));
    fields.put("at", AttributeValue.fromS(consent.at().toString()));
    if (consent.basis() != null) {
      fields.put("basis", AttributeValue.fromS(consent.basis()));
    }
    if (consent.source() != null) {
      fields.put("source", AttributeValue.fromS(consent.source()));
    }
    if (consent.textVersion() != null) {
      fields.put("textVersion", AttributeValue.fromS(consent.textVersion()));
    }
    return fields;
  }

  private static Map<String, AttributeValue> write(Counted counted) {
    return Map.of(
        "send", AttributeValue.fromS(counted.send()),
        "channel", AttributeValue.fromS(counted.channel().name()),
        "topic", AttributeValue.fromS(counted.topic()),
        "at", AttributeValue.fromS(counted.at().toString()),
        "marketing", AttributeValue.fromBool(counted.marketing()));
  }

  private static Map<String, AttributeValue> write(Block block) {
    return Map.of(
        "block", AttributeValue.fromS(block.reason().name()),
        "blockedAt", AttributeValue.fromS(block.at().toString()));
  }

  private static TransactWriteItem write(Put put) {
    return TransactWriteItem.builder().put(put).build();
  }

  private static <T> AttributeValue list(
      List<T> all, Function<T, Map<String, AttributeValue>> writing) {
    return AttributeValue.fromL(
        all.stream().map(one -> AttributeValue.fromM(writing.apply(one))).toList());
  }

  private static Permissions permissions(Item item) {
    return new Permissions(
        item.number("version"),
        item.list("consents").stream().map(DynamoConsents::read).toList(),
        item.has("counted")
            ? item.list("counted").stream().map(DynamoConsents::counted).toList()
            : List.of(),
        item.has("blocks")
            ? item.list("blocks").stream().map(DynamoConsents::block).collect(Collectors.toSet())
            : Set.of());
  }

  private static Block block(Item item) {
    return new Block(
        Block.Reason.valueOf(item.text("block")), Instant.parse(item.text("blockedAt")));
  }

  private static Counted counted(Item item) {
    return new Counted(
        item.text("send"),
        Channel.valueOf(item.text("channel")),
        item.text("topic"),
        Instant.parse(item.text("at")),
        item.truth("marketing"));
  }

  private static Consent read(Item consent) {
    return new Consent(
        Channel.valueOf(consent.text("channel")),
        consent.text("topic"),
        Decision.valueOf(consent.text("decision")),
        Instant.parse(consent.text("at")),
        consent.has("basis") ? consent.text("basis") : null,
        consent.has("source") ? consent.text("source") : null,
        consent.has("textVersion") ? consent.text("textVersion") : null);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static Map<String, AttributeValue> key(PersonId person) {
    return Map.of("pk", AttributeValue.fromS(pk(person)), "sk", AttributeValue.fromS("CONSENT"));
  }

  private static String pk(PersonId person) {
    return ItemKey.of("CONSENT", person.value());
  }
}
