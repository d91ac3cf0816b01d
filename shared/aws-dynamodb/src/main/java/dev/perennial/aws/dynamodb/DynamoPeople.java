package dev.perennial.aws.dynamodb;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.value.Value;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * People in the table {@code People}.
 *
 * <ul>
 *   <li>a person: {@code pk = P#<id>}, {@code sk = P}, {@code v} the version, {@code d} the packed
 *       person, {@code f} the digests of {@linkplain FacetsApart facets that are apart}
 *   <li>such a facet: {@code pk = F#<hash of the owner>}, {@code sk = F}, {@code d} the packed
 *       facet
 *   <li>an absorbed person: the person's item, {@code d} what is kept, {@code into} who absorbed it
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

  /** Readings of a head and its facets until both are of one moment. */
  private static final int MOST_READINGS = 5;

  private static final String SAME_VERSION = "v = :v";

  private final DynamoDbClient dynamo;
  private final String table;
  private final DynamoTotals totals;
  private final String workspace;
  private final FacetsApart facetsApart;

  /**
   * @param totals where people are counted
   * @param workspace part of all hashes
   */
  public DynamoPeople(DynamoDbClient dynamo, String table, DynamoTotals totals, String workspace) {
    this.dynamo = dynamo;
    this.table = table;
    this.totals = totals;
    this.workspace = workspace;
    this.facetsApart = new FacetsApart(workspace);
  }

  @Override
  public String workspace() {
    return workspace;
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
  public Optional<PersonId> locate(PersonId hash) {
    Item pointer = get(pointerKey(hash), "I");
    return pointer.has("p") ? Optional.of(new PersonId(pointer.text("p"))) : Optional.empty();
  }

  @Override
  public Map<PersonId, Head> read(Collection<PersonId> ids, Freshness freshness) {
    Map<PersonId, Head> heads = new HashMap<>();
    Collection<PersonId> left = ids;
    for (int readings = 0; !left.isEmpty(); readings++) {
      require(readings < MOST_READINGS);
      Set<String> keys = left.stream().map(DynamoPeople::personKey).collect(Collectors.toSet());
      Set<PersonId> torn = new HashSet<>();
      for (Item item : batch(keys, "P", freshness)) {
        PersonId id = new PersonId(item.text("id"));
        head(item, facets -> batch(facets, "F", Freshness.CURRENT))
            .ifPresentOrElse(head -> heads.put(id, head), () -> torn.add(id));
      }
      left = torn;
    }
    return heads;
  }

  @Override
  public Optional<Head> read(PersonId id) {
    for (int readings = 0; ; readings++) {
      require(readings < MOST_READINGS);
      Item item = get(personKey(id), "P");
      if (item.isAbsent()) {
        return Optional.empty();
      }
      Optional<Head> head =
          head(item, facets -> facets.stream().map(facet -> get(facet, "F")).toList());
      if (head.isPresent()) {
        return head;
      }
    }
  }

  /** The people whose items these are. */
  List<Person> people(List<Item> items) {
    List<Person> people = new ArrayList<>();
    for (Item item : items) {
      Optional<Head> head =
          head(item, facets -> facets.stream().map(facet -> get(facet, "F")).toList())
              .or(() -> read(new PersonId(item.text("id"))));
      if (head.isPresent() && head.get() instanceof Person person) {
        people.add(person);
      }
    }
    return people;
  }

  private static void require(boolean soon) {
    if (!soon) {
      throw new IllegalStateException("a person changes faster than can be read");
    }
  }

  /** What the item says; empty when the facets that it names changed since. */
  private Optional<Head> head(Item item, Function<Collection<String>, List<Item>> load) {
    PersonId id = new PersonId(item.text("id"));
    long version = item.number("v");
    Value document = Packed.unpack(item.bytes("d"));
    if (item.has("into") || item.has("erased")) {
      PersonId into = item.has("into") ? new PersonId(item.text("into")) : id;
      return Optional.of(PersonCodec.readAbsorbed(id, version, into, document));
    }
    Person person = PersonCodec.read(id, version, document);
    if (!item.has("f")) {
      return Optional.of(person);
    }
    Map<String, String> named = item.textsByName("f");
    Map<String, SdkBytes> apart = new HashMap<>();
    List<String> keys = named.keySet().stream().map(DynamoPeople::facetKey).toList();
    for (Item facet : load.apply(keys)) {
      if (!facet.isAbsent()) {
        apart.put(facet.text("h"), SdkBytes.fromByteArrayUnsafe(facet.bytes("d")));
      }
    }
    boolean current =
        named.entrySet().stream()
            .allMatch(
                name -> {
                  SdkBytes facet = apart.get(name.getKey());
                  return facet != null && FacetsApart.digest(facet).equals(name.getValue());
                });
    return current ? Optional.of(facetsApart.unite(person, apart)) : Optional.empty();
  }

  @Override
  public Saving save(Change change) {
    List<TransactWriteItem> writes = new ArrayList<>();
    change.absorbed().forEach(absorbed -> writes.add(write(put(absorbed))));
    change.witnesses().forEach(person -> writes.add(witness(person)));
    change
        .founded()
        .forEach(
            (identifier, id) ->
                writes.add(
                    write(
                        pointer(identifier, id)
                            .conditionExpression("attribute_not_exists(pk)")
                            .build())));
    change.aimed().forEach((identifier, id) -> writes.add(write(pointer(identifier, id).build())));
    if (change.more() != 0) {
      writes.add(
          TransactWriteItem.builder()
              .update(totals.addition(Totals.PROFILES, change.more()))
              .build());
    }
    Map<String, SdkBytes> facets = new HashMap<>();
    int room = MOST_WRITES - writes.size() - change.people().size();
    for (Person person : change.people()) {
      FacetsApart.Divided divided = facetsApart.divide(person, room - facets.size());
      writes.add(write(put(person, divided)));
      facets.putAll(divided.changed());
    }
    facets.forEach((hash, facet) -> writes.add(write(facet(hash, facet))));
    boolean saved =
        writes.size() == 1
            ? Transactions.writeOne(dynamo, writes.getFirst().put())
            : writeAll(writes);
    if (saved) {
      facets.forEach(facetsApart::remember);
    }
    return saved ? new Saving.Saved() : new Saving.Contended();
  }

  private boolean writeAll(List<TransactWriteItem> writes) {
    if (writes.size() > MOST_WRITES) {
      throw new IllegalStateException(
          "a change of " + writes.size() + " items does not fit one transaction");
    }
    return switch (Transactions.write(dynamo, writes)) {
      case Transactions.Outcome.Written _ -> true;
      case Transactions.Outcome.Refused _ -> false;
    };
  }

  private static TransactWriteItem write(Put put) {
    return TransactWriteItem.builder().put(put).build();
  }

  private TransactWriteItem witness(Person person) {
    return TransactWriteItem.builder()
        .conditionCheck(
            check ->
                check
                    .tableName(table)
                    .key(key(personKey(person.id()), "P"))
                    .conditionExpression(SAME_VERSION)
                    .expressionAttributeValues(version(person.version())))
        .build();
  }

  private Put put(Person person, FacetsApart.Divided divided) {
    Map<String, AttributeValue> item = item(person.id(), person.version() + 1);
    item.put("d", AttributeValue.fromB(divided.head()));
    if (!divided.named().isEmpty()) {
      Map<String, AttributeValue> named = new HashMap<>();
      divided.named().forEach((hash, digest) -> named.put(hash, AttributeValue.fromS(digest)));
      item.put("f", AttributeValue.fromM(named));
    }
    return conditional(item, person.version());
  }

  private Put facet(String hash, SdkBytes facet) {
    Map<String, AttributeValue> item = new HashMap<>(key(facetKey(hash), "F"));
    item.put("h", AttributeValue.fromS(hash));
    item.put("d", AttributeValue.fromB(facet));
    return Put.builder().tableName(table).item(item).build();
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
        : put.conditionExpression(SAME_VERSION).expressionAttributeValues(version(version)).build();
  }

  private static Map<String, AttributeValue> version(long version) {
    return Map.of(":v", AttributeValue.fromN("" + version));
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

  private static AttributeValue packed(byte[] bytes) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
  }

  static String personKey(PersonId id) {
    return ItemKey.of("P", id.value());
  }

  static String facetKey(String hash) {
    return ItemKey.of("F", hash);
  }

  static String pointerKey(PersonId hash) {
    return ItemKey.of("I", hash.value());
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }
}
