package dev.perennial.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.Members.Member;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.testkit.Crashes;
import dev.perennial.testkit.MembersContract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@ExtendWith(LocalTables.class)
final class DynamoMembersIT implements MembersContract {

  private final DynamoDbClient dynamo;
  private final Members members;

  DynamoMembersIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
    members = new DynamoMembers(dynamo, "Definitions", _ -> {});
  }

  @Override
  public Members members() {
    return members;
  }

  @Test
  void aSegmentThatNearlyAllLeftIsReadInFewQueries() {
    SegmentId old = new SegmentId("old");
    for (int from = 0; from < 3_000; from += 25) {
      List<WriteRequest> rows =
          IntStream.range(from, from + 25)
              .mapToObj(person -> row("PERSON#p" + (10_000 + person), person == 2_999))
              .toList();
      dynamo.batchWriteItem(request -> request.requestItems(Map.of("Definitions", rows)));
    }
    dynamo.putItem(
        request ->
            request
                .tableName("Definitions")
                .item(
                    Map.of(
                        "pk", AttributeValue.fromS("MEMBERS#old#0"),
                        "sk", AttributeValue.fromS("SIZE"),
                        "members", AttributeValue.fromN("1"))));
    Crashes calls = new Crashes();
    Members counted =
        new DynamoMembers(calls.around(DynamoDbClient.class, dynamo), "Definitions", _ -> {});

    assertThat(counted.list(old, 50, null).items())
        .extracting(Member::person)
        .containsExactly(new PersonId("p12999"));
    // One for the sizes, and of the shard one that is short and one that is not.
    assertThat(calls.calls()).isLessThanOrEqualTo(4);
  }

  private static WriteRequest row(String person, boolean member) {
    return WriteRequest.builder()
        .putRequest(
            put ->
                put.item(
                    Map.of(
                        "pk", AttributeValue.fromS("MEMBERS#old#0"),
                        "sk", AttributeValue.fromS(person),
                        "number", AttributeValue.fromN(member ? "1" : "2"),
                        "since", AttributeValue.fromS("2026-03-01T10:00:00Z"),
                        "member", AttributeValue.fromBool(member))))
        .build();
  }
}
