package dev.perennial.aws.dynamodb;

import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.PageId;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * A call of a store, and the key that it asks DynamoDB for.
 *
 * @param parts how many values the call takes
 */
record RecordedKeys(String name, int parts, BiConsumer<DynamoDbClient, List<String>> call) {

  private static final String TABLE = "T";

  static Stream<RecordedKeys> all() {
    return Stream.of(
        of("person", 1, (it, parts) -> people(it).read(new PersonId(parts.get(0)))),
        of(
            "pointer",
            2,
            (it, parts) ->
                people(it)
                    .locate(
                        List.of(new Identifier(new Namespace(parts.get(0)), parts.get(1))),
                        Freshness.RECENT)),
        of(
            "history",
            3,
            (it, parts) ->
                new DynamoHistory(it, TABLE, "w")
                    .read(
                        new Identifier(new Namespace(parts.get(0)), parts.get(1)),
                        new PageId(1, parts.get(2)))),
        of(
            "timer",
            2,
            (it, parts) ->
                new DynamoTimers(it, TABLE)
                    .delete(
                        Due.ofEnrollment(new PersonId(parts.get(0)), parts.get(1), Instant.EPOCH))),
        of(
            "enrollment",
            3,
            (it, parts) ->
                new DynamoEnrollments(it, TABLE)
                    .find(new PersonId(parts.get(0)), parts.get(1), parts.get(2))),
        of(
            "enrollments of an occurrence",
            2,
            (it, parts) ->
                new DynamoEnrollments(it, TABLE).begunBy(new PersonId(parts.get(0)), parts.get(1))),
        of(
            "send",
            1,
            (it, parts) ->
                new DynamoSends(it, TABLE, new DynamoConsents(it, TABLE), TABLE)
                    .find(parts.get(0))),
        of(
            "consent",
            1,
            (it, parts) -> new DynamoConsents(it, TABLE).of(new PersonId(parts.get(0)))),
        of(
            "member",
            2,
            (it, parts) ->
                new DynamoMembers(it, TABLE, _ -> {})
                    .apply(
                        List.of(
                            new Transition(
                                new PersonId(parts.get(0)),
                                new SegmentId(parts.get(1)),
                                1,
                                Instant.EPOCH,
                                Cause.EVENT)))),
        of(
            "definition",
            1,
            (it, parts) -> new DynamoDefinitions(it, TABLE).find(Kind.SEGMENT, parts.get(0))),
        of(
            "version of a definition",
            1,
            (it, parts) -> new DynamoDefinitions(it, TABLE).find(Kind.SEGMENT, parts.get(0), 1)),
        of("API key", 1, (it, parts) -> new DynamoKeys(it, TABLE).find(parts.get(0))));
  }

  /** The first key that the call names, in a form that no two keys share. */
  String key(List<String> values) {
    Recorder recorder = new Recorder();
    call.accept(recorder, values);
    return recorder.keys.getFirst().toString();
  }

  @Override
  public String toString() {
    return name;
  }

  private static RecordedKeys of(
      String name, int parts, BiConsumer<DynamoDbClient, List<String>> call) {
    return new RecordedKeys(name, parts, call);
  }

  private static DynamoPeople people(DynamoDbClient dynamo) {
    return new DynamoPeople(dynamo, TABLE, new DynamoTotals(dynamo, TABLE), "w");
  }

  /** A client of tables that are empty and take everything. */
  private static final class Recorder implements DynamoDbClient {

    /** The texts of each key, by attribute or placeholder. */
    private final List<List<String>> keys = new ArrayList<>();

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      record(request.key());
      return GetItemResponse.builder().build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
      request.requestItems().values().forEach(table -> table.keys().forEach(this::record));
      return BatchGetItemResponse.builder().responses(Map.of()).unprocessedKeys(Map.of()).build();
    }

    @Override
    public QueryResponse query(QueryRequest request) {
      record(request.expressionAttributeValues());
      return QueryResponse.builder().items(List.of()).build();
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
      record(request.key());
      return DeleteItemResponse.builder().build();
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
      for (TransactWriteItem write : request.transactItems()) {
        record(write.update().key());
      }
      return TransactWriteItemsResponse.builder().build();
    }

    private void record(Map<String, AttributeValue> texts) {
      List<String> key = new ArrayList<>();
      texts.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(text -> key.add(text.getValue().s().length() + ":" + text.getValue().s()));
      keys.add(key);
    }
  }
}
