package dev.perennial.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoClients;
import dev.perennial.aws.dynamodb.DynamoHistory;
import dev.perennial.aws.dynamodb.DynamoPeople;
import dev.perennial.aws.dynamodb.DynamoTotals;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.local.aws.Backends;
import dev.perennial.local.meter.Meter.Usage;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.topology.Function;
import dev.perennial.topology.Topology;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What it costs on AWS that two people turn out to be one. Both heads are written, the survivor and
 * what is kept of the absorbed, with the totals, however many identifiers they have: pointers and
 * facets stay where they are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MergeCostIT {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String WORKSPACE = "merge";
  private static final int BATCH = 40;

  /** The two heads, how many people there are, and how many events. */
  private static final int ITEMS = 4;

  private static final int WRITE_UNIT = 1024;
  private static final int READ_UNIT = 4096;

  private final Backends backends =
      Backends.start(Path.of("../infrastructure/local/target"), null, InstantSource.system());
  private final DynamoDbClient direct =
      DynamoClients.open(Map.of("AWS_ENDPOINT_URL", backends.dynamoDb().toString()));
  private final DynamoDbClient metered =
      DynamoClients.open(backends.gateway(recordEventsFunction()).variables());
  private final RecordEvents recordEvents = recordEvents(metered);

  /** Each event is later than the one before, so that none is taken for an old one. */
  private int recorded;

  @AfterAll
  void close() {
    metered.close();
    direct.close();
    backends.close();
  }

  @ParameterizedTest(name = "{0} identifiers")
  @ValueSource(ints = {2, 10, 100, 1000})
  void aMergeWritesTwoHeadsHoweverManyIdentifiers(int identifiers) {
    Identifier user = new Identifier(Namespace.USER_ID, "ann-" + identifiers);
    Identifier email = new Identifier(Namespace.EMAIL, identifiers + "@example.com");
    know(user, identifiers / 2);
    know(email, identifiers / 2);
    int userBefore = head(user);
    int emailBefore = head(email);

    backends.meter().restart();
    record(List.of(event(user, "meet", email)));
    Usage cost = Optional.ofNullable(backends.meter().usage().get("RecordEvents")).orElseThrow();

    int survivor = Math.max(userBefore, head(user));
    int absorbed = Math.max(emailBefore, head(email));
    System.out.printf(
        "%5d identifiers: heads of %6d and %6d bytes, then %6d and %6d: %d items, %6.1f write and"
            + " %5.1f read units%n",
        identifiers,
        userBefore,
        emailBefore,
        head(user),
        head(email),
        cost.writtenItems(),
        cost.units().write(),
        cost.units().read());
    assertThat(people(direct).find(email.hash(WORKSPACE)).orElseThrow().identifiers())
        .hasSize(identifiers)
        .containsKey(user);
    assertThat(cost.writtenItems()).isEqualTo(ITEMS);
    assertThat(cost.units().write())
        .isEqualTo(2.0 * (steps(survivor, WRITE_UNIT) + steps(absorbed, WRITE_UNIT) + 1) + 1);
    assertThat(cost.units().read())
        .isLessThanOrEqualTo(
            0.5 * (2 + steps(userBefore, READ_UNIT) + steps(emailBefore, READ_UNIT)));
  }

  /** Makes a person of that many identifiers. */
  private void know(Identifier owner, int identifiers) {
    List<Event> events = new ArrayList<>();
    events.add(event(owner, "m0"));
    IntStream.range(1, identifiers)
        .mapToObj(
            i ->
                event(
                    owner,
                    "m" + i,
                    new Identifier(
                        Namespace.ANONYMOUS_ID,
                        Integer.toHexString((owner + "." + i).hashCode()) + "-" + i)))
        .forEach(events::add);
    for (int from = 0; from < events.size(); from += BATCH) {
      record(events.subList(from, Math.min(events.size(), from + BATCH)));
    }
  }

  private void record(List<Event> events) {
    assertThat(recordEvents.record(List.of(events))).isEmpty();
  }

  /** The size of the item of the identifier's own person, in bytes. */
  private int head(Identifier identifier) {
    return direct
        .getItem(
            request ->
                request
                    .tableName("People")
                    .consistentRead(true)
                    .key(
                        Map.of(
                            "pk", AttributeValue.fromS("P#" + identifier.hash(WORKSPACE).value()),
                            "sk", AttributeValue.fromS("P"))))
        .item()
        .entrySet()
        .stream()
        .mapToInt(attribute -> attribute.getKey().length() + size(attribute.getValue()))
        .sum();
  }

  private static int size(AttributeValue value) {
    return value.b() != null
        ? value.b().asByteArrayUnsafe().length
        : value.s() != null ? value.s().length() : 1 + (value.n().length() + 1) / 2;
  }

  private static int steps(int bytes, int step) {
    return (bytes + step - 1) / step;
  }

  private Event event(Identifier owner, String messageId, Identifier... others) {
    return new Event(
        owner,
        List.of(others),
        owner + messageId,
        EventType.IDENTIFY,
        null,
        NOW.plusMillis(recorded++),
        NOW,
        Trust.SERVER,
        Fields.EMPTY,
        Fields.EMPTY,
        Fields.EMPTY);
  }

  private static Function recordEventsFunction() {
    return Topology.functions().stream()
        .filter(function -> function.name().equals("RecordEvents"))
        .findFirst()
        .orElseThrow();
  }

  private static DynamoPeople people(DynamoDbClient dynamo) {
    return new DynamoPeople(dynamo, "People", new DynamoTotals(dynamo, "Definitions"), WORKSPACE);
  }

  private static RecordEvents recordEvents(DynamoDbClient dynamo) {
    return new RecordEvents(
        people(dynamo),
        new DynamoHistory(dynamo, "History", WORKSPACE),
        () -> new Catalog(1, Counters.of(List.of()), Set.of()),
        new DynamoTotals(dynamo, "Definitions"),
        _ -> {},
        _ -> {},
        new InMemoryTimers(),
        10,
        () -> NOW,
        _ -> {});
  }
}
