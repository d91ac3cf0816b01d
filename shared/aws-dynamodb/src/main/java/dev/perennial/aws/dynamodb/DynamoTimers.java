package dev.perennial.aws.dynamodb;

import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Timers in the table of that name. All reads are strongly consistent.
 *
 * <ul>
 *   <li>{@code pk = DUE#<day>#<shard>}, {@code sk = <minute>#<kind>#<person>#<key>}: a timer. A
 *       person's timers of one day are in one of {@value #SHARDS} shards.
 *   <li>{@code pk = DAY}, {@code sk = <day>#<shard>}: that there may be timers there. Written
 *       before the first of them and removed when the day is over and all are gone, so that a sweep
 *       reads only where there is something, however long the last sweep is ago.
 * </ul>
 */
public final class DynamoTimers implements Timers {

  private static final int SHARDS = 4;

  /** How many days are looked up at a time. */
  private static final int DAYS = 4;

  /**
   * How long after its end a day may still get timers, from functions that began before: longer
   * than any function runs.
   */
  private static final Duration STRAGGLERS = Duration.ofHours(1);

  private final DynamoDbClient dynamo;
  private final String table;

  /** The shards of days that have their item. Only days that are over lose it. */
  private final Set<Shard> known = ConcurrentHashMap.newKeySet();

  private record Shard(LocalDate day, int number) {
    String key() {
      return ItemKey.of(day.toString(), Integer.toString(number));
    }
  }

  public DynamoTimers(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public void register(Due due) {
    Shard shard = shard(due);
    if (!known.contains(shard)) {
      dynamo.putItem(request -> request.tableName(table).item(key(shard)));
      known.add(shard);
    }
    Map<String, AttributeValue> item = new HashMap<>(key(due));
    item.put("minute", AttributeValue.fromS(due.minute().toString()));
    item.put("kind", AttributeValue.fromS(due.kind().name()));
    item.put("person", AttributeValue.fromS(due.person().value()));
    item.put("key", AttributeValue.fromS(due.key()));
    dynamo.putItem(request -> request.tableName(table).item(item));
  }

  @Override
  public void delete(Due due) {
    dynamo.deleteItem(request -> request.tableName(table).key(key(due)));
  }

  @Override
  public void forEachDue(Instant now, Consumer<Due> action) {
    LocalDate quiet = day(now.minus(STRAGGLERS));
    for (Shard shard : shards(LocalDate.EPOCH, day(now))) {
      boolean empty = true;
      for (Due due : timers(shard, "sk < :minute", now, Integer.MAX_VALUE)) {
        empty = false;
        action.accept(due);
      }
      if (empty && shard.day().isBefore(quiet)) {
        known.remove(shard);
        dynamo.deleteItem(request -> request.tableName(table).key(key(shard)));
      }
    }
  }

  @Override
  public Optional<Instant> nextDue(Instant after, Instant until) {
    Instant next = null;
    LocalDate found = null;
    for (Shard shard : shards(day(after), day(until))) {
      if (found != null && shard.day().isAfter(found)) {
        break;
      }
      for (Due due : timers(shard, "sk >= :minute", after, 1)) {
        if (next == null || due.minute().isBefore(next)) {
          next = due.minute();
          found = shard.day();
        }
        break;
      }
    }
    return Optional.ofNullable(next).filter(minute -> !minute.isAfter(until));
  }

  /** The shards of days that may have timers, earliest day first. */
  private Iterable<Shard> shards(LocalDate from, LocalDate to) {
    QueryRequest query =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .limit(DAYS * SHARDS)
            .keyConditionExpression("pk = :day AND sk BETWEEN :from AND :to")
            .expressionAttributeValues(
                Map.of(
                    ":day", AttributeValue.fromS("DAY"),
                    ":from", AttributeValue.fromS(from.toString()),
                    ":to", AttributeValue.fromS(new Shard(to, SHARDS).key())))
            .build();
    return () ->
        dynamo.queryPaginator(query).items().stream()
            .map(item -> shard(new Item(item).text("sk")))
            .iterator();
  }

  /**
   * Timers of a shard, earliest first.
   *
   * @param range of {@code sk}, from {@code :minute}: the first minute that begins after the
   *     instant
   */
  private Iterable<Due> timers(Shard shard, String range, Instant instant, int pageSize) {
    Instant minute = instant.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression("pk = :due AND " + range)
            .expressionAttributeValues(
                Map.of(
                    ":due", AttributeValue.fromS(partition(shard)),
                    ":minute", AttributeValue.fromS(minute.toString())));
    if (pageSize < Integer.MAX_VALUE) {
      query.limit(pageSize);
    }
    return () ->
        dynamo.queryPaginator(query.build()).items().stream()
            .map(Item::new)
            .map(
                item ->
                    new Due(
                        Due.Kind.valueOf(item.text("kind")),
                        new PersonId(item.text("person")),
                        Instant.parse(item.text("minute")),
                        item.text("key")))
            .iterator();
  }

  private static Shard shard(Due due) {
    return new Shard(day(due.minute()), Math.floorMod(due.person().value().hashCode(), SHARDS));
  }

  private static Shard shard(String key) {
    int joint = key.indexOf('#');
    return new Shard(
        LocalDate.parse(key.substring(0, joint)), Integer.parseInt(key.substring(joint + 1)));
  }

  private static LocalDate day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static String partition(Shard shard) {
    return ItemKey.of("DUE", shard.day().toString(), Integer.toString(shard.number()));
  }

  private static Map<String, AttributeValue> key(Shard shard) {
    return Map.of("pk", AttributeValue.fromS("DAY"), "sk", AttributeValue.fromS(shard.key()));
  }

  private static Map<String, AttributeValue> key(Due due) {
    return Map.of(
        "pk", AttributeValue.fromS(partition(shard(due))),
        "sk",
            AttributeValue.fromS(
                ItemKey.of(
                    due.minute().toString(), due.kind().name(), due.person().value(), due.key())));
  }
}
