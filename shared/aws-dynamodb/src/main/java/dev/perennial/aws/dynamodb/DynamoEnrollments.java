package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.Transactions.Outcome;
import dev.perennial.domain.Contended;
import dev.perennial.domain.Page;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Enrollment.Status;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.journey.Journey.Reentry;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.EventCodec;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.json.Packed;
import dev.perennial.json.SendRequestCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Enrollments in the table {@code Journeys}.
 *
 * <ul>
 *   <li>{@code pk = PERSON#<person>}, {@code sk = ENROLLMENT#<occurrence>#<journey>}: an
 *       enrollment.
 *   <li>{@code pk = PERSON#<person>}, {@code sk = JOURNEY#<journey>}: the occurrence that brought
 *       the person in last. None when the journey's reentry is {@link Reentry#ALWAYS}.
 *   <li>{@code pk = JOURNEY#<journey>}, {@code sk = <milliseconds>#<person>#<occurrence>}: the
 *       journey's list; written with the enrollment and never changed.
 * </ul>
 */
public final class DynamoEnrollments implements Enrollments, Traces {

  private static final int ATTEMPTS = 5;

  /** Items that are forgotten in one go. */
  private static final int AT_ONCE = 100;

  private static final String FRESH = "attribute_not_exists(pk)";
  private static final String ENROLLMENT = "ENROLLMENT";
  private static final String JOURNEY = "JOURNEY";
  private static final String PERSON = "PERSON";

  private final DynamoDbClient dynamo;
  private final String table;

  public DynamoEnrollments(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public Optional<Enrollment> find(PersonId person, String journey, String occurrence) {
    Item item = get(key(person, journey, occurrence));
    return item.isAbsent() ? Optional.empty() : Optional.of(read(item));
  }

  @Override
  public List<Enrollment> begunBy(PersonId person, String occurrence) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk AND begins_with(sk, :occurrence)")
                    .expressionAttributeValues(
                        Map.of(
                            ":pk", text(ItemKey.of(PERSON, person.value())),
                            ":occurrence", text(ItemKey.prefix(ENROLLMENT, occurrence)))))
        .items()
        .stream()
        .map(item -> read(new Item(item)))
        .toList();
  }

  @Override
  public boolean admits(Enrollment enrollment, Set<PersonId> others) {
    String journey = enrollment.journey();
    Map<Map<String, AttributeValue>, PersonId> markers = new LinkedHashMap<>();
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    others.forEach(id -> keys.add(key(id, journey, enrollment.occurrence())));
    if (enrollment.reentry() != Reentry.ALWAYS) {
      markers.put(markerKey(enrollment.person(), journey), enrollment.person());
      others.forEach(id -> markers.put(markerKey(id, journey), id));
      keys.addAll(markers.keySet());
    }
    List<Map<String, AttributeValue>> latest = new ArrayList<>();
    for (Item item : BatchGet.inOrder(dynamo, table, keys, true)) {
      PersonId marked = markers.get(item.key());
      if (marked == null || enrollment.reentry() == Reentry.ONCE) {
        return false;
      }
      latest.add(key(marked, journey, item.text("occurrence")));
    }
    return BatchGet.inOrder(dynamo, table, latest, true).stream()
        .noneMatch(item -> Status.valueOf(item.text("status")) == Status.WAITING);
  }

  @Override
  public Creation create(Enrollment enrollment) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<String> latest =
          enrollment.reentry() == Reentry.AFTER_EXIT ? latest(enrollment) : Optional.empty();
      if (isInside(enrollment, latest)) {
        return get(key(enrollment)).isAbsent() ? Creation.REFUSED : Creation.REPEATED;
      }
      if (Transactions.write(dynamo, creation(enrollment, latest))
          instanceof Outcome.Refused refused) {
        if (refused.isCondition(0)) {
          return Creation.REPEATED;
        }
        if (enrollment.reentry() == Reentry.ONCE && refused.isCondition(2)) {
          return Creation.REFUSED;
        }
      } else {
        return Creation.CREATED;
      }
      Transactions.PAUSE.after(attempt + 1);
    }
    throw new Contended("the person's enrollments");
  }

  /** {@inheritDoc} Also false when a transaction touched it just then. */
  @Override
  public boolean save(Enrollment enrollment) {
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(table)
                  .item(write(enrollment.stored()))
                  .conditionExpression("revision = :revision")
                  .expressionAttributeValues(Map.of(":revision", number(enrollment.revision()))));
      return true;
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return false;
    }
  }

  /** {@inheritDoc} Eventually consistent. */
  @Override
  public Page<Enrollment> ofJourney(String journey, int limit, @Nullable String cursor) {
    return new Listing(dynamo, table, ItemKey.of(JOURNEY, journey))
        .page(
            row -> key(new PersonId(row.text("person")), journey, row.text("occurrence")),
            DynamoEnrollments::read,
            limit,
            cursor);
  }

  @Override
  public List<Enrollment> ofPerson(PersonId person) {
    return dynamo
        .queryPaginator(
            request ->
                request
                    .tableName(table)
                    .keyConditionExpression("pk = :pk AND begins_with(sk, :enrollment)")
                    .expressionAttributeValues(
                        Map.of(
                            ":pk", text(ItemKey.of(PERSON, person.value())),
                            ":enrollment", text(ItemKey.prefix(ENROLLMENT)))))
        .items()
        .stream()
        .map(item -> read(new Item(item)))
        .toList();
  }

  /** {@inheritDoc} An enrollment goes after its row in the journey's list, for it tells of it. */
  @Override
  public int forget(PersonId person) {
    List<Map<String, AttributeValue>> items =
        dynamo
            .query(
                request ->
                    request
                        .tableName(table)
                        .consistentRead(true)
                        .limit(AT_ONCE)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(
                            Map.of(":pk", text(ItemKey.of(PERSON, person.value())))))
            .items();
    for (Map<String, AttributeValue> attributes : items) {
      Item item = new Item(attributes);
      if (item.text("sk").startsWith(ItemKey.prefix(ENROLLMENT))) {
        delete(new Item(listing(read(item))).key());
      }
      delete(item.key());
    }
    return items.size();
  }

  private void delete(Map<String, AttributeValue> key) {
    dynamo.deleteItem(request -> request.tableName(table).key(key));
  }

  /** Occurrence of the enrollment that the marker names. */
  private Optional<String> latest(Enrollment enrollment) {
    Item marker = get(markerKey(enrollment.person(), enrollment.journey()));
    return marker.isAbsent() ? Optional.empty() : Optional.of(marker.text("occurrence"));
  }

  private boolean isInside(Enrollment enrollment, Optional<String> latest) {
    return latest
        .flatMap(occurrence -> find(enrollment.person(), enrollment.journey(), occurrence))
        .filter(known -> known.status() == Status.WAITING)
        .isPresent();
  }

  /** An enrollment that is over stays so: it is enough that the marker still names it. */
  private List<TransactWriteItem> creation(Enrollment enrollment, Optional<String> latest) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(put(write(enrollment.stored()), FRESH, Map.of()));
    writes.add(put(listing(enrollment), null, Map.of()));
    if (enrollment.reentry() != Reentry.ALWAYS) {
      writes.add(
          latest.isEmpty()
              ? put(marker(enrollment), FRESH, Map.of())
              : put(
                  marker(enrollment),
                  "occurrence = :latest",
                  Map.of(":latest", text(latest.get()))));
    }
    return writes;
  }

  private TransactWriteItem put(
      Map<String, AttributeValue> item,
      @Nullable String condition,
      Map<String, AttributeValue> values) {
    return TransactWriteItem.builder()
        .put(
            put -> {
              put.tableName(table).item(item).conditionExpression(condition);
              if (!values.isEmpty()) {
                put.expressionAttributeValues(values);
              }
            })
        .build();
  }

  private Item get(Map<String, AttributeValue> key) {
    return new Item(
        dynamo.getItem(request -> request.tableName(table).key(key).consistentRead(true)).item());
  }

  private static Map<String, AttributeValue> write(Enrollment enrollment) {
    Map<String, AttributeValue> item = new HashMap<>(key(enrollment));
    item.put("person", text(enrollment.person().value()));
    item.put("journey", text(enrollment.journey()));
    item.put("version", number(enrollment.version()));
    item.put("occurrence", text(enrollment.occurrence()));
    item.put("reentry", text(enrollment.reentry().name()));
    item.put("enteredAt", text(enrollment.enteredAt().toString()));
    item.put("revision", number(enrollment.revision()));
    item.put("position", number(enrollment.position()));
    item.put("status", text(enrollment.status().name()));
    if (enrollment.due() != null) {
      item.put("due", text(enrollment.due().toString()));
    }
    Map<String, Value> packed = new LinkedHashMap<>();
    // An event is of no use to somebody who goes no further. The sends have it from here, lest ten
    // of them be ten copies.
    if (enrollment.event() != null
        && (enrollment.due() != null || !enrollment.outbox().isEmpty())) {
      packed.put("event", EventCodec.write(enrollment.event()));
    }
    if (enrollment.key() != null && enrollment.due() != null) {
      packed.put("key", new Text(enrollment.key()));
    }
    if (!enrollment.outbox().isEmpty()) {
      packed.put(
          "outbox",
          new Items(
              enrollment.outbox().stream()
                  .<Value>map(request -> SendRequestCodec.write(request.with(null)))
                  .toList()));
    }
    if (!packed.isEmpty()) {
      item.put(
          "packed", AttributeValue.fromB(SdkBytes.fromByteArray(Packed.pack(new Fields(packed)))));
    }
    return item;
  }

  private static Enrollment read(Item item) {
    JsonObject packed =
        item.has("packed")
            ? JsonObject.root(Packed.unpack(item.bytes("packed")))
            : JsonObject.root(Fields.EMPTY);
    Event event = packed.optional("event").map(EventCodec::read).orElse(null);
    return new Enrollment(
        new PersonId(item.text("person")),
        item.text("journey"),
        Math.toIntExact(item.number("version")),
        item.text("occurrence"),
        Reentry.valueOf(item.text("reentry")),
        Instant.parse(item.text("enteredAt")),
        item.number("revision"),
        Math.toIntExact(item.number("position")),
        Status.valueOf(item.text("status")),
        item.has("due") ? Instant.parse(item.text("due")) : null,
        event,
        packed.optional("key").map(JsonNode::text).orElse(null),
        packed
            .optional("outbox")
            .map(
                outbox ->
                    outbox.list().stream()
                        .map(request -> SendRequestCodec.read(request).with(event))
                        .toList())
            .orElse(List.of()));
  }

  private static Map<String, AttributeValue> marker(Enrollment enrollment) {
    Map<String, AttributeValue> item =
        new HashMap<>(markerKey(enrollment.person(), enrollment.journey()));
    item.put("occurrence", text(enrollment.occurrence()));
    return item;
  }

  private static Map<String, AttributeValue> listing(Enrollment enrollment) {
    return Map.of(
        "pk", text(ItemKey.of(JOURNEY, enrollment.journey())),
        "sk",
            text(
                ItemKey.of(
                    "%013d".formatted(enrollment.enteredAt().toEpochMilli()),
                    enrollment.person().value(),
                    enrollment.occurrence())),
        "person", text(enrollment.person().value()),
        "occurrence", text(enrollment.occurrence()));
  }

  private static Map<String, AttributeValue> key(Enrollment enrollment) {
    return key(enrollment.person(), enrollment.journey(), enrollment.occurrence());
  }

  private static Map<String, AttributeValue> key(
      PersonId person, String journey, String occurrence) {
    return Map.of(
        "pk", text(ItemKey.of(PERSON, person.value())),
        "sk", text(ItemKey.of(ENROLLMENT, occurrence, journey)));
  }

  private static Map<String, AttributeValue> markerKey(PersonId person, String journey) {
    return Map.of(
        "pk", text(ItemKey.of(PERSON, person.value())), "sk", text(ItemKey.of(JOURNEY, journey)));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
