package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.DynamoShards.Place;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Standing;
import dev.perennial.domain.segment.Backfills;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * How far backfills are, as {@linkplain DynamoShards walks} of the key {@code
 * BACKFILL#<segment>#<version>#<set or gone>#<cuts>}.
 */
public final class DynamoBackfills implements Backfills {

  private final DynamoShards shards;

  public DynamoBackfills(DynamoDbClient dynamo, String table) {
    this.shards = new DynamoShards(dynamo, table);
  }

  @Override
  public List<Standing> standings(Backfill backfill) {
    return shards.list(key(backfill)).stream().map(DynamoBackfills::standing).toList();
  }

  @Override
  public boolean save(Backfill backfill, Standing standing, Instant keepUntil) {
    return shards.save(
        key(backfill),
        new Place(standing.shard(), standing.steps(), standing.cursor(), standing.done()),
        Map.of("people", DynamoShards.number(standing.people())),
        keepUntil);
  }

  private static Standing standing(Item item) {
    Place place = Place.of(item);
    return new Standing(
        place.shard(), place.steps(), item.number("people"), place.cursor(), place.done());
  }

  private static String key(Backfill backfill) {
    return ItemKey.of(
        "BACKFILL",
        backfill.segment().value(),
        Integer.toString(backfill.version()),
        backfill.deletion() ? "gone" : "set",
        Integer.toString(backfill.cuts()));
  }
}
