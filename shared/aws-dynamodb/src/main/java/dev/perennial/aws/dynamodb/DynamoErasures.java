package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.Remains;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.segment.Membership;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.json.ErasureCodec;
import dev.perennial.json.Packed;
import dev.perennial.json.PersonCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Erasures. Their records are in the table {@code Definitions}, with {@code pk = ERASURE#<id>},
 * {@code sk = ERASURE}, {@code d} the packed record, {@code n} how many steps of a visit are done.
 * In the table {@code People} the items of the erased, of whoever they absorbed and of their
 * identifiers' pointers have the attribute {@code erased}, the erasure's id, instead of what they
 * had; the person's also {@code r}, the packed remains. Of those by way of whom others are found an
 * item as of an absorbed person is left after that, with {@code into} their own id.
 */
public final class DynamoErasures implements Erasures {

  /** Of a transaction's 100 writes, those left for pointers. The others are marked later. */
  private static final int POINTERS_AT_ONCE = 90;

  private final DynamoDbClient dynamo;
  private final String people;
  private final String definitions;
  private final DynamoTotals totals;
  private final DynamoConsents consents;

  public DynamoErasures(
      DynamoDbClient dynamo,
      String people,
      String definitions,
      DynamoTotals totals,
      DynamoConsents consents) {
    this.dynamo = dynamo;
    this.people = people;
    this.definitions = definitions;
    this.totals = totals;
    this.consents = consents;
  }

  @Override
  public Optional<Erasure> find(String id) {
    Item item = get(definitions, recordKey(id));
    return item.isAbsent()
        ? Optional.empty()
        : Optional.of(ErasureCodec.read(Packed.unpack(item.bytes("d"))).at((int) item.number("n")));
  }

  @Override
  public Optional<Erasure> of(PersonId id) {
    Item item = get(people, personKey(id));
    if (!item.has("erased")) {
      item = get(people, pointerKey(id));
    }
    return item.has("erased") ? find(item.text("erased")) : Optional.empty();
  }

  @Override
  public boolean begin(Person person, Remains remains, Erasure erasure) {
    List<Put> puts = new ArrayList<>();
    Map<String, AttributeValue> head =
        marked(personKey(person.id()), erasure.id(), person.version() + 1);
    head.put("id", AttributeValue.fromS(person.id().value()));
    head.put("r", packed(Packed.pack(ErasureCodec.write(remains))));
    head.put("d", trail(person.id(), person.version(), person.trail(), Map.of()));
    puts.add(
        Put.builder()
            .tableName(people)
            .item(head)
            .conditionExpression("v = :v AND attribute_not_exists(erased)")
            .expressionAttributeValues(Map.of(":v", AttributeValue.fromN("" + person.version())))
            .build());
    remains.identifiers().stream()
        .limit(POINTERS_AT_ONCE)
        .forEach(identifier -> puts.add(pointer(identifier, erasure.id())));
    puts.add(consents.fence(person.id(), erasure.requestedAt()));
    puts.add(record(erasure).toBuilder().conditionExpression("attribute_not_exists(pk)").build());
    List<TransactWriteItem> writes = new ArrayList<>();
    puts.forEach(put -> writes.add(TransactWriteItem.builder().put(put).build()));
    writes.add(TransactWriteItem.builder().update(totals.addition(Totals.PROFILES, -1)).build());
    boolean begun = Transactions.write(dynamo, writes) instanceof Outcome.Written;
    if (begun) {
      consents.forgetHistory(person.id());
    }
    return begun;
  }

  @Override
  public Optional<Remains> remains(PersonId person) {
    Item item = get(people, personKey(person));
    return item.has("r")
        ? Optional.of(
            ErasureCodec.readRemains(item.text("erased"), person, Packed.unpack(item.bytes("r"))))
        : Optional.empty();
  }

  @Override
  public void refuse(Collection<PersonId> identifiers, String erasure) {
    List<Map<String, AttributeValue>> keys =
        identifiers.stream().map(DynamoErasures::pointerKey).toList();
    Set<Map<String, AttributeValue>> done =
        BatchGet.inOrder(dynamo, people, keys, true).stream()
            .filter(item -> item.has("erased"))
            .map(Item::key)
            .collect(Collectors.toSet());
    for (PersonId identifier : identifiers) {
      if (!done.contains(pointerKey(identifier))) {
        Map<String, AttributeValue> item = pointer(identifier, erasure).item();
        dynamo.putItem(request -> request.tableName(people).item(item));
      }
    }
  }

  @Override
  public boolean retire(PersonId absorbed, String erasure) {
    Map<String, AttributeValue> facet =
        DynamoPeople.key(DynamoPeople.facetKey(absorbed.value()), "F");
    dynamo.deleteItem(request -> request.tableName(people).key(facet));
    Item item = get(people, personKey(absorbed));
    if (!item.has("into")) {
      return false;
    }
    Absorbed known =
        PersonCodec.readAbsorbed(
            absorbed,
            item.number("v"),
            new PersonId(item.text("into")),
            Packed.unpack(item.bytes("d")));
    Map<String, AttributeValue> retired = marked(personKey(absorbed), erasure, known.version());
    retired.put("id", AttributeValue.fromS(absorbed.value()));
    retired.put("d", trail(absorbed, known.version(), known.trailAlone(), known.memberships()));
    dynamo.putItem(request -> request.tableName(people).item(retired));
    return true;
  }

  @Override
  public void save(Erasure erasure) {
    Map<String, AttributeValue> item = record(erasure).item();
    dynamo.putItem(request -> request.tableName(definitions).item(item));
  }

  @Override
  public void lift(Collection<PersonId> ids, Set<PersonId> ways, String erasure) {
    for (PersonId id : ids) {
      delete(pointerKey(id), erasure);
      if (ways.contains(id)) {
        keepTrail(id, erasure);
      } else {
        delete(personKey(id), erasure);
      }
    }
  }

  /** What is left is that of a person who was absorbed, and by nobody. */
  private void keepTrail(PersonId id, String erasure) {
    Item head = get(people, personKey(id));
    if (!head.has("erased")) {
      return;
    }
    Absorbed known =
        PersonCodec.readAbsorbed(id, head.number("v"), id, Packed.unpack(head.bytes("d")));
    Map<String, AttributeValue> way = new HashMap<>(head.key());
    way.put("id", AttributeValue.fromS(id.value()));
    way.put("v", AttributeValue.fromN("" + known.version()));
    way.put("into", AttributeValue.fromS(id.value()));
    way.put("d", trail(id, known.version(), known.trail(), Map.of()));
    whereMarked(
        erasure,
        (condition, values) ->
            dynamo.putItem(
                request ->
                    request
                        .tableName(people)
                        .item(way)
                        .conditionExpression(condition)
                        .expressionAttributeValues(values)));
  }

  /** Who is erased may still be on the way to others, who left before. */
  private static AttributeValue trail(
      PersonId id, long version, Trail trail, Map<SegmentId, Membership> memberships) {
    return packed(
        Packed.pack(PersonCodec.write(new Absorbed(id, version, id, trail, memberships))));
  }

  private void delete(Map<String, AttributeValue> key, String erasure) {
    whereMarked(
        erasure,
        (condition, values) ->
            dynamo.deleteItem(
                request ->
                    request
                        .tableName(people)
                        .key(key)
                        .conditionExpression(condition)
                        .expressionAttributeValues(values)));
  }

  private static void whereMarked(
      String erasure, BiConsumer<String, Map<String, AttributeValue>> write) {
    try {
      write.accept("erased = :erasure", Map.of(":erasure", AttributeValue.fromS(erasure)));
    } catch (ConditionalCheckFailedException e) {
      // It is gone, or names somebody who lives.
    }
  }

  private Put record(Erasure erasure) {
    Map<String, AttributeValue> item = new HashMap<>(recordKey(erasure.id()));
    item.put("d", packed(Packed.pack(ErasureCodec.write(erasure))));
    item.put("n", AttributeValue.fromN("" + erasure.done()));
    return Put.builder().tableName(definitions).item(item).build();
  }

  private Put pointer(PersonId identifier, String erasure) {
    Map<String, AttributeValue> item = new HashMap<>(pointerKey(identifier));
    item.put("erased", AttributeValue.fromS(erasure));
    return Put.builder().tableName(people).item(item).build();
  }

  private static Map<String, AttributeValue> marked(
      Map<String, AttributeValue> key, String erasure, long version) {
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("v", AttributeValue.fromN("" + version));
    item.put("erased", AttributeValue.fromS(erasure));
    return item;
  }

  private Item get(String table, Map<String, AttributeValue> key) {
    return new Item(
        dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true)).item());
  }

  private static AttributeValue packed(byte[] bytes) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
  }

  private static Map<String, AttributeValue> personKey(PersonId id) {
    return DynamoPeople.key(DynamoPeople.personKey(id), "P");
  }

  private static Map<String, AttributeValue> pointerKey(PersonId hash) {
    return DynamoPeople.key(DynamoPeople.pointerKey(hash), "I");
  }

  private static Map<String, AttributeValue> recordKey(String id) {
    return DynamoPeople.key(ItemKey.of("ERASURE", id), "ERASURE");
  }
}
