package dev.perennial.aws.dynamodb;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.json.Packed;
import dev.perennial.json.PersonCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * People in the table {@code People}.
 *
 * <ul>
 *   <li>a person: {@code pk = P#<id>}, {@code sk = P}, {@code v} the version, {@code d} the packed
 *       person
 *   <li>an absorbed person: the same item, {@code d} what is kept, {@code into} who absorbed it
 *   <li>a pointer: {@code pk = I#<hash of the identifier>}, {@code sk = I}, {@code p} a person's id
 *   <li>where these were erased, {@code erased} the erasure instead, see {@link DynamoErasures}
 * </ul>
 *
 * The hashes hold the workspace, and no key holds a value that anybody sent. A change of one person
 * that moves no identifier is one {@code PutItem}; any other is one transaction, which also counts
 * people in the {@linkplain DynamoTotals totals}.
 */
public final class DynamoPeople implements People {

  /** Most writes that a transaction takes. */
  private static final int MOST_WRITES = 100;

  /** A chain of absorbed people that long means that they go round in circles. */
  private static final int LONGEST_CHAIN = 1_000;

  private final DynamoDbClient dynamo;
  private final String table;
  private final DynamoTotals totals;
  private final String workspace;

  /**
   * @param totals where people are counted
   * @param workspace part of all hashes
   */
  public DynamoPeople(DynamoDbClient dynamo, String table, DynamoTotals totals, String workspace) {
    this.dynamo = dynamo;
    this.table = table;
    this.totals = totals;
    this.workspace = workspace;
  }

  @Override
  public Located locate(Collection<Identifier> identifiers, Freshness freshness) {
    Map<String, Identifier> byKey = new HashMap<>();
    for (Identifier identifier : identifiers) {
      byKey.put(pointerKey(identifier.hash(workspace)), identifier);
    }
    Map<Identifier, PersonId> located = new HashMap<>();
    Set<Identifier> erased = new HashSet<>();
    for (Item item : batch(byKey.keySet(), "I", freshness)) {
      Identifier identifier = byKey.get(item.text("pk"));
      if (identifier != null && item.has("erased")) {
        erased.add(identifier);
      } else if (identifier != null) {
        located.put(identifier, new PersonId(item.text("p")));
      }
    }
    return new Located(located, erased);
  }

  @Override
  public Map<PersonId, Person> find(Collection<PersonId> located, Freshness freshness) {
    Map<PersonId, PersonId> at = new HashMap<>();
    located.forEach(id -> at.put(id, id));
    Map<PersonId, Person> people = new HashMap<>();
    Set<PersonId> wanted = Set.copyOf(located);
    for (int step = 0; !wanted.isEmpty(); step++) {
      requireShort(step);
      Map<PersonId, PersonId> absorbed = new HashMap<>();
      Set<String> keys = wanted.stream().map(DynamoPeople::personKey).collect(Collectors.toSet());
      for (Item item : batch(keys, "P", freshness)) {
        PersonId id = new PersonId(item.text("id"));
        if (item.has("into")) {
          absorbed.put(id, new PersonId(item.text("into")));
        } else if (!item.has("erased")) {
          people.put(id, person(item));
        }
      }
      at.replaceAll((_, id) -> absorbed.getOrDefault(id, id));
      wanted =
          absorbed.values().stream()
              .filter(id -> !people.containsKey(id))
              .collect(Collectors.toSet());
    }
    Map<PersonId, Person> found = new HashMap<>();
    at.forEach(
        (asked, id) -> {
          Person person = people.get(id);
          if (person != null) {
            found.put(asked, person);
          }
        });
    return found;
  }

  /** {@inheritDoc} One read when the id is that of somebody who lives. */
  @Override
  public Optional<Person> find(PersonId id) {
    Item item = get(personKey(id), "P");
    if (item.isAbsent() || item.has("into") || item.has("erased")) {
      Item pointer = get(pointerKey(id), "I");
      if (pointer.isAbsent() || pointer.has("erased")) {
        return Optional.empty();
      }
      item = get(personKey(new PersonId(pointer.text("p"))), "P");
    }
    for (int step = 0; item.has("into"); step++) {
      requireShort(step);
      item = get(personKey(new PersonId(item.text("into"))), "P");
    }
    return item.isAbsent() || item.has("erased") ? Optional.empty() : Optional.of(person(item));
  }

  @Override
  public Optional<Absorbed> absorbed(PersonId id) {
    Item item = get(personKey(id), "P");
    return item.isAbsent() || !item.has("into")
        ? Optional.empty()
        : Optional.of(
            PersonCodec.readAbsorbed(
                id,
                item.number("v"),
                new PersonId(item.text("into")),
                Packed.unpack(item.bytes("d"))));
  }

  @Override
  public Saving save(Change change) {
    List<Put> puts = new ArrayList<>();
    change.people().forEach(person -> puts.add(put(person)));
    change.absorbed().forEach(absorbed -> puts.add(put(absorbed)));
    change
        .founded()
        .forEach(
            (identifier, id) ->
                puts.add(
                    pointer(identifier, id)
                        .conditionExpression("attribute_not_exists(pk)")
                        .build()));
    change.moved().forEach((identifier, id) -> puts.add(pointer(identifier, id).build()));
    boolean plain = puts.size() == 1 && change.more() == 0;
    boolean saved = plain ? write(puts.getFirst()) : write(puts, change.more());
    return saved ? new Saving.Saved() : new Saving.Contended();
  }

  private boolean write(Put put) {
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(put.tableName())
                  .item(put.item())
                  .conditionExpression(put.conditionExpression())
                  .expressionAttributeValues(
                      put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null));
      return true;
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return false;
    }
  }

  private boolean write(List<Put> puts, int more) {
    List<TransactWriteItem> writes = new ArrayList<>();
    puts.forEach(put -> writes.add(TransactWriteItem.builder().put(put).build()));
    if (more != 0) {
      writes.add(
          TransactWriteItem.builder().update(totals.addition(Totals.PROFILES, more)).build());
    }
    if (writes.size() > MOST_WRITES) {
      throw new IllegalStateException(
          "a change of " + writes.size() + " items does not fit one transaction");
    }
    return switch (Transactions.write(dynamo, writes)) {
      case Transactions.Outcome.Written _ -> true;
      case Transactions.Outcome.Refused _ -> false;
    };
  }

  private Put put(Person person) {
    Map<String, AttributeValue> item = item(person.id(), person.version() + 1);
    item.put("d", packed(Packed.pack(PersonCodec.write(person))));
    return conditional(item, person.version());
  }

  private Put put(Absorbed absorbed) {
    Map<String, AttributeValue> item = item(absorbed.id(), absorbed.version() + 1);
    item.put("d", packed(Packed.pack(PersonCodec.write(absorbed))));
    item.put("into", AttributeValue.fromS(absorbed.into().value()));
    return conditional(item, absorbed.version());
  }

  private Put conditional(Map<String, AttributeValue> item, long version) {
    Put.Builder put = Put.builder().tableName(table).item(item);
    return version == 0
        ? put.conditionExpression("attribute_not_exists(pk)").build()
        : put.conditionExpression("v = :v")
            .expressionAttributeValues(Map.of(":v", AttributeValue.fromN("" + version)))
            .build();
  }

  private Put.Builder pointer(Identifier identifier, PersonId id) {
    Map<String, AttributeValue> item =
        new HashMap<>(key(pointerKey(identifier.hash(workspace)), "I"));
    item.put("p", AttributeValue.fromS(id.value()));
    return Put.builder().tableName(table).item(item);
  }

  private static Map<String, AttributeValue> item(PersonId id, long version) {
    Map<String, AttributeValue> item = new HashMap<>(key(personKey(id), "P"));
    item.put("id", AttributeValue.fromS(id.value()));
    item.put("v", AttributeValue.fromN("" + version));
    return item;
  }

  static Person person(Item item) {
    return PersonCodec.read(
        new PersonId(item.text("id")), item.number("v"), Packed.unpack(item.bytes("d")));
  }

  private Item get(String pk, String sk) {
    return new Item(
        dynamo
            .getItem(request -> request.tableName(table).key(key(pk, sk)).consistentRead(true))
            .item());
  }

  private List<Item> batch(Collection<String> pks, String sk, Freshness freshness) {
    List<Map<String, AttributeValue>> keys = pks.stream().map(pk -> key(pk, sk)).toList();
    return BatchGet.inOrder(dynamo, table, keys, freshness == Freshness.CURRENT);
  }

  private static void requireShort(int step) {
    if (step > LONGEST_CHAIN) {
      throw new IllegalStateException("people who absorbed one another");
    }
  }

  private static AttributeValue packed(byte[] bytes) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
  }

  static String personKey(PersonId id) {
    return ItemKey.of("P", id.value());
  }

  static String pointerKey(PersonId hash) {
    return ItemKey.of("I", hash.value());
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }
}
