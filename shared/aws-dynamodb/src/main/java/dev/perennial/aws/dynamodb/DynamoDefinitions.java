package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Contended;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.InvalidDocument;
import dev.perennial.json.Packed;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Definitions in the table {@code Definitions}. All reads are strongly consistent, but for that of
 * the catalog's version.
 *
 * <ul>
 *   <li>{@code pk = DEFINITION#<kind>}, {@code sk = <id>}: the newest version. After a deletion it
 *       stays with the status {@link Definition#DELETED}, so that versions never restart.
 *   <li>{@code pk = VERSION#<kind>#<id>}, {@code sk = <version>}: every version, never changed.
 *   <li>{@code pk = CATALOG}, {@code sk = CATALOG}: the catalog's version.
 * </ul>
 */
public final class DynamoDefinitions implements Definitions {

  private static final int ATTEMPTS = 5;

  /** Largest document, in bytes as stored: an item has at most 400 KB. */
  private static final int LARGEST = 350 * 1024;

  private static final String STATUS = "SET #status = :to";
  private static final Map<String, AttributeValue> CATALOG =
      Map.of("pk", AttributeValue.fromS("CATALOG"), "sk", AttributeValue.fromS("CATALOG"));

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoDefinitions(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /**
   * {@inheritDoc} Eventually consistent, at half the price: who asks again and again learns of a
   * change a moment later.
   */
  @Override
  public long catalogVersion() {
    return version(
        new Item(dynamo.getItem(request -> request.tableName(table).key(CATALOG)).item()));
  }

  @Override
  public long latestCatalogVersion() {
    return version(get(CATALOG));
  }

  private static long version(Item catalog) {
    return catalog.isAbsent() ? 0 : catalog.number("version");
  }

  @Override
  public Optional<Definition> put(
      Kind kind, String id, Function<Optional<Definition>, Optional<Next>> next) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Item newest = get(newestKey(kind, id));
      Optional<Definition> known = present(kind, newest);
      Optional<Next> wanted = next.apply(known);
      if (wanted.isEmpty()) {
        return known;
      }
      Fields document = wanted.get().document();
      if (Packed.pack(document).length > LARGEST) {
        throw new InvalidDocument(
            "", "the document is larger than " + LARGEST + " bytes when compressed");
      }
      int version = newest.isAbsent() ? 1 : Math.toIntExact(newest.number("version")) + 1;
      int launched = newest.isAbsent() ? 0 : Math.toIntExact(newest.number("launched"));
      Definition made =
          new Definition(
              kind,
              id,
              version,
              wanted.get().status(),
              launched,
              document,
              wanted.get().at(),
              known.map(Definition::first).orElse(version));
      TransactWriteItem head =
          newest.isAbsent()
              ? put(newestKey(kind, id), made, "attribute_not_exists(pk)", Map.of())
              : put(
                  newestKey(kind, id),
                  made,
                  "version = :before AND launched = :launched AND #status = :status",
                  Map.of(
                      ":before", number(version - 1),
                      ":launched", number(launched),
                      ":status", AttributeValue.fromS(newest.text("status"))));
      TransactWriteItem copy =
          put(versionKey(kind, id, version), made, "attribute_not_exists(pk)", Map.of());
      if (Transactions.write(dynamo, List.of(head, copy, catalogChange()))
          instanceof Outcome.Written) {
        return Optional.of(made);
      }
      Transactions.PAUSE.after(attempt + 1);
    }
    throw new Contended("definitions");
  }

  @Override
  public boolean changeStatus(Kind kind, String id, String from, String to) {
    return changeStatus(
        kind,
        id,
        STATUS,
        "#status = :from",
        Map.of(":from", AttributeValue.fromS(from), ":to", AttributeValue.fromS(to)));
  }

  @Override
  public boolean launch(Kind kind, String id, int version, String from, String to) {
    return changeStatus(
        kind,
        id,
        STATUS + ", launched = :launched",
        "#status = :from AND version = :launched",
        Map.of(
            ":from", AttributeValue.fromS(from),
            ":to", AttributeValue.fromS(to),
            ":launched", number(version)));
  }

  @Override
  public boolean delete(Kind kind, String id) {
    return changeStatus(
        kind,
        id,
        STATUS,
        "attribute_exists(pk) AND #status <> :to",
        Map.of(":to", AttributeValue.fromS(Definition.DELETED)));
  }

  @Override
  public Optional<Definition> find(Kind kind, String id) {
    return present(kind, get(newestKey(kind, id)));
  }

  @Override
  public Optional<Definition> findDeleted(Kind kind, String id) {
    Item newest = get(newestKey(kind, id));
    return newest.isAbsent() || !isDeleted(newest)
        ? Optional.empty()
        : Optional.of(definition(kind, newest, newest));
  }

  @Override
  public Optional<Definition> find(Kind kind, String id, int version) {
    Item copy = get(versionKey(kind, id, version));
    return copy.isAbsent()
        ? Optional.empty()
        : Optional.of(definition(kind, copy, get(newestKey(kind, id))));
  }

  @Override
  public List<Definition> list(Kind kind) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(ItemKey.of("DEFINITION", kind.name())))))
        .items()
        .stream()
        .map(Item::new)
        .filter(item -> !isDeleted(item))
        .map(item -> definition(kind, item, item))
        .toList();
  }

  private boolean changeStatus(
      Kind kind, String id, String change, String condition, Map<String, AttributeValue> values) {
    TransactWriteItem head =
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(table)
                        .key(newestKey(kind, id))
                        .updateExpression(change)
                        .conditionExpression(condition)
                        .expressionAttributeNames(Map.of("#status", "status"))
                        .expressionAttributeValues(values))
            .build();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      switch (Transactions.write(dynamo, List.of(head, catalogChange()))) {
        case Outcome.Written _ -> {
          return true;
        }
        case Outcome.Refused refused -> {
          if (refused.isCondition(0)) {
            return false;
          }
          Transactions.PAUSE.after(attempt + 1);
        }
      }
    }
    throw new Contended("definitions");
  }

  private TransactWriteItem catalogChange() {
    return TransactWriteItem.builder()
        .update(
            update ->
                update
                    .tableName(table)
                    .key(CATALOG)
                    .updateExpression("ADD version :one")
                    .expressionAttributeValues(Map.of(":one", number(1))))
        .build();
  }

  private TransactWriteItem put(
      Map<String, AttributeValue> key,
      Definition definition,
      String condition,
      Map<String, AttributeValue> values) {
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("id", AttributeValue.fromS(definition.id()));
    item.put("version", number(definition.version()));
    item.put("status", AttributeValue.fromS(definition.status()));
    item.put("launched", number(definition.launched()));
    item.put("at", AttributeValue.fromS(definition.at().toString()));
    item.put("first", number(definition.first()));
    item.put(
        "document",
        AttributeValue.fromB(SdkBytes.fromByteArray(Packed.pack(definition.document()))));
    return TransactWriteItem.builder()
        .put(
            put -> {
              put.tableName(table).item(item).conditionExpression(condition);
              if (!values.isEmpty()) {
                put.expressionAttributeNames(Map.of("#status", "status"))
                    .expressionAttributeValues(values);
              }
            })
        .build();
  }

  private Item get(Map<String, AttributeValue> key) {
    return new Item(
        dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true)).item());
  }

  private static Optional<Definition> present(Kind kind, Item newest) {
    return newest.isAbsent() || isDeleted(newest)
        ? Optional.empty()
        : Optional.of(definition(kind, newest, newest));
  }

  /** The version that one item holds, with what its head says of the definition as a whole. */
  private static Definition definition(Kind kind, Item item, Item head) {
    return new Definition(
        kind,
        item.text("id"),
        Math.toIntExact(item.number("version")),
        head.text("status"),
        Math.toIntExact(head.number("launched")),
        (Fields) Packed.unpack(item.bytes("document")),
        Instant.parse(item.text("at")),
        Math.toIntExact(head.number("first")));
  }

  private static boolean isDeleted(Item item) {
    return item.text("status").equals(Definition.DELETED);
  }

  private static Map<String, AttributeValue> newestKey(Kind kind, String id) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("DEFINITION", kind.name())),
        "sk", AttributeValue.fromS(ItemKey.of(id)));
  }

  private static Map<String, AttributeValue> versionKey(Kind kind, String id, int version) {
    return Map.of(
        "pk", AttributeValue.fromS(ItemKey.of("VERSION", kind.name(), id)),
        "sk", AttributeValue.fromS(String.format(Locale.ROOT, "%010d", version)));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
