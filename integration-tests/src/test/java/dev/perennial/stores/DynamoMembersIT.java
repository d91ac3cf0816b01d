package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoMembers;
import dev.perennial.domain.segment.Members;
import dev.perennial.testkit.MembersContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoMembersIT implements MembersContract {

  private final Members members;

  DynamoMembersIT(DynamoDbClient dynamo) {
    members = new DynamoMembers(dynamo, "Definitions", _ -> {});
  }

  @Override
  public Members members() {
    return members;
  }
}
