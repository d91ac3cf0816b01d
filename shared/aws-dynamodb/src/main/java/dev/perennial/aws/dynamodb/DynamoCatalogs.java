package dev.perennial.aws.dynamodb;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Catalogs;
import dev.perennial.domain.definition.Compiled;
import dev.perennial.domain.segment.LiveSegments;
import dev.perennial.domain.segment.Portraits;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.webhook.Webhook;
import dev.perennial.json.CompactCatalogs;
import dev.perennial.json.LiveDefinitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The catalog in the table {@code Definitions}: one read tells whether the one in memory holds. */
public final class DynamoCatalogs implements Catalogs {

  private final Compiled<Catalog> compiled;

  private DynamoCatalogs(Compiled<Catalog> compiled) {
    this.compiled = compiled;
  }

  /**
   * The catalog as the environment says: of {@code TABLE_DEFINITIONS}, and as fresh as {@link
   * #freshFor}.
   */
  public static DynamoCatalogs open(DynamoDbClient dynamo, Map<String, String> variables) {
    CompactCatalogs compact = compact(dynamo, variables);
    return new DynamoCatalogs(
        new Compiled<>(
            definitions(dynamo, variables),
            freshFor(variables),
            (definitions, version) -> {
              LiveDefinitions.Live live = LiveDefinitions.live(definitions, version, compact);
              return new Catalog(version, live.segments().counters(), live.listenedEvents());
            }));
  }

  /** The live segments, from the same table and as fresh. */
  public static LiveSegments segments(DynamoDbClient dynamo, Map<String, String> variables) {
    CompactCatalogs compact = compact(dynamo, variables);
    Compiled<Segments> compiled =
        new Compiled<>(
            definitions(dynamo, variables),
            freshFor(variables),
            (definitions, version) ->
                LiveDefinitions.live(definitions, version, compact).segments());
    return new LiveSegments() {
      @Override
      public Segments current() {
        return compiled.get();
      }

      @Override
      public Segments latest() {
        return compiled.latest();
      }
    };
  }

  /** What the rules say of people, from the same table and as fresh. */
  public static Supplier<Portraits> portraits(
      DynamoDbClient dynamo, Map<String, String> variables) {
    return new Compiled<>(
        definitions(dynamo, variables),
        freshFor(variables),
        (definitions, _) -> LiveDefinitions.portraits(definitions));
  }

  /** Who is told of memberships, from the same table and as fresh. */
  public static Supplier<List<Webhook>> webhooks(
      DynamoDbClient dynamo, Map<String, String> variables) {
    return new Compiled<>(
        definitions(dynamo, variables),
        freshFor(variables),
        (definitions, _) -> LiveDefinitions.webhooks(definitions));
  }

  /**
   * How long definitions may be used before asking whether they changed: {@code
   * DEFINITIONS_FRESH_FOR}, an ISO-8601 duration, one second unless set.
   */
  public static Duration freshFor(Map<String, String> variables) {
    return Duration.parse(variables.getOrDefault("DEFINITIONS_FRESH_FOR", "PT1S"));
  }

  @Override
  public Catalog current() {
    return compiled.get();
  }

  private static CompactCatalogs compact(DynamoDbClient dynamo, Map<String, String> variables) {
    return new DynamoCompactCatalogs(dynamo, table(variables), LiveDefinitions.FORMAT);
  }

  private static DynamoDefinitions definitions(
      DynamoDbClient dynamo, Map<String, String> variables) {
    return new DynamoDefinitions(dynamo, table(variables));
  }

  private static String table(Map<String, String> variables) {
    String table = variables.get("TABLE_DEFINITIONS");
    if (table == null) {
      throw new IllegalStateException("the variable TABLE_DEFINITIONS is not set");
    }
    return table;
  }
}
