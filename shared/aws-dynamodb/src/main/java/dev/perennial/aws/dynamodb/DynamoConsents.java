package dev.perennial.aws.dynamodb;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consent.Decision;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Consent in the table {@code People}: one item for each id that a person decided under, with
 * {@code pk = CONSENT#<person>} and {@code sk = CONSENT}. It is apart from the person's own item so
 * that a send can be conditional on it without minding events.
 */
public final class DynamoConsents implements Consents, Traces {

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
    Map<String, AttributeValue> item = new HashMap<>(key(person));
    item.put("version", number(permissions.version() + 1));
    item.put(
        "consents",
        AttributeValue.fromL(
            permissions.consents().stream()
                .map(consent -> AttributeValue.fromM(write(consent)))
                .toList()));
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(table)
                  .item(item)
                  .conditionExpression(unchanged(permissions))
                  .expressionAttributeValues(values(permissions)));
      return true;
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return false;
    }
  }

  @Override
  public int forget(PersonId person) {
    return dynamo
            .deleteItem(
                request ->
                    request.tableName(table).key(key(person)).returnValues(ReturnValue.ALL_OLD))
            .attributes()
            .isEmpty()
        ? 0
        : 1;
  }

  /** Replaces what is stored so that nobody who read it before can claim a send. */
  Put fence(PersonId person, Instant at) {
    Map<String, AttributeValue> item = new HashMap<>(key(person));
    // More than any number of changes.
    item.put("version", number(at.toEpochMilli()));
    item.put("consents", AttributeValue.fromL(List.of()));
    return Put.builder().tableName(table).item(item).build();
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
    return fields;
  }

  private static Permissions permissions(Item item) {
    return new Permissions(
        item.number("version"), item.list("consents").stream().map(DynamoConsents::read).toList());
  }

  private static Consent read(Item consent) {
    return new Consent(
        Channel.valueOf(consent.text("channel")),
        consent.text("topic"),
        Decision.valueOf(consent.text("decision")),
        Instant.parse(consent.text("at")),
        consent.has("basis") ? consent.text("basis") : null,
        consent.has("source") ? consent.text("source") : null);
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
