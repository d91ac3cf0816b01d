package dev.perennial.stores;

import dev.perennial.aws.dynamodb.DynamoEnrollments;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.testkit.EnrollmentsContract;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalTables.class)
final class DynamoEnrollmentsIT implements EnrollmentsContract {

  private final DynamoDbClient dynamo;

  DynamoEnrollmentsIT(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
  }

  @Override
  public Enrollments enrollments() {
    LocalTables.empty(dynamo);
    return new DynamoEnrollments(dynamo, "Journeys");
  }
}
