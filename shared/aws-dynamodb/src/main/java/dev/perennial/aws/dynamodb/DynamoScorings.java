package dev.perennial.aws.dynamodb;

import dev.perennial.aws.dynamodb.DynamoShards.Place;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.Scoring.Tally;
import dev.perennial.domain.segment.Scorings;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Packed;
import dev.perennial.json.RfmCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far scorings are, as {@linkplain DynamoShards walks} of the key {@code SCORING#<day>}, with
 * the packed customers in {@code d}.
 */
public final class DynamoScorings implements Scorings {

  private final DynamoShards shards;

  public DynamoScorings(DynamoDbClient dynamo, String table) {
    this.shards = new DynamoShards(dynamo, table);
  }

  @Override
  public List<Tally> tallies(Scoring scoring) {
    return shards.list(key(scoring)).stream().map(DynamoScorings::tally).toList();
  }

  @Override
  public boolean save(Scoring scoring, Tally tally, Instant keepUntil) {
    byte[] packed = Packed.pack(new Fields(Map.of("c", RfmCodec.write(tally.customers()))));
    return shards.save(
        key(scoring),
        new Place(tally.shard(), tally.steps(), tally.cursor(), tally.done()),
        Map.of("d", AttributeValue.fromB(SdkBytes.fromByteArray(packed))),
        keepUntil);
  }

  private static Tally tally(Item item) {
    Place place = Place.of(item);
    Fields packed = (Fields) Packed.unpack(item.bytes("d"));
    return new Tally(
        place.shard(),
        place.steps(),
        place.cursor(),
        place.done(),
        RfmCodec.readCustomers(Objects.requireNonNull(packed.get("c"))));
  }

  private static String key(Scoring scoring) {
    return ItemKey.of("SCORING", scoring.day().toString());
  }
}
