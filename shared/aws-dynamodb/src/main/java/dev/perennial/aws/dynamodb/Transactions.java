package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Pause;
import java.security.SecureRandom;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Transactions whose refusal by a condition or by another writer is an expected outcome. */
final class Transactions {

  /** Tries at a write that only another writer is in the way of. */
  private static final int TRIES = 5;

  /** Between two tries. */
  static final Pause PAUSE = Pause.withJitter(new SecureRandom());

  private static final String NONE = "None";
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";
  private static final String CONFLICT = "TransactionConflict";

  /** What became of a transaction. */
  sealed interface Outcome {
    /** All of it is written. */
    record Written() implements Outcome {}

    /**
     * None of it is written, because a condition failed or somebody else was writing.
     *
     * @param reasons one for each write, in their order
     */
    record Refused(List<CancellationReason> reasons) implements Outcome {
      public Refused {
        reasons = List.copyOf(reasons);
      }

      /** Whether the condition of that write failed. */
      boolean isCondition(int write) {
        return CONDITION_FAILED.equals(reasons.get(write).code());
      }
    }
  }

  private Transactions() {}

  /** Writes; tries again, at most {@value #TRIES} times, while nothing but a conflict stops it. */
  static Outcome write(DynamoDbClient dynamo, List<TransactWriteItem> writes) {
    Outcome outcome = tryTo(dynamo, writes);
    for (int tries = 1; tries < TRIES && isConflict(outcome); tries++) {
      PAUSE.after(tries);
      outcome = tryTo(dynamo, writes);
    }
    return outcome;
  }

  /**
   * One write without a transaction, at half the price. False when its condition fails, or a
   * transaction was writing the item just then.
   */
  static boolean writeOne(DynamoDbClient dynamo, Put put) {
    try {
      dynamo.putItem(
          request ->
              request
                  .tableName(put.tableName())
                  .item(put.item())
                  .conditionExpression(put.conditionExpression())
                  .expressionAttributeValues(
                      put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null));
      return true;
    } catch (ConditionalCheckFailedException | TransactionConflictException e) {
      return false;
    }
  }

  private static boolean isConflict(Outcome outcome) {
    return outcome instanceof Outcome.Refused(List<CancellationReason> reasons)
        && reasons.stream().noneMatch(reason -> CONDITION_FAILED.equals(reason.code()));
  }

  private static Outcome tryTo(DynamoDbClient dynamo, List<TransactWriteItem> writes) {
    try {
      dynamo.transactWriteItems(request -> request.transactItems(writes));
      return new Outcome.Written();
    } catch (TransactionCanceledException e) {
      boolean expected =
          e.hasCancellationReasons()
              && e.cancellationReasons().stream()
                  .map(CancellationReason::code)
                  .allMatch(
                      code ->
                          NONE.equals(code)
                              || CONDITION_FAILED.equals(code)
                              || CONFLICT.equals(code));
      if (!expected) {
        throw e;
      }
      return new Outcome.Refused(e.cancellationReasons());
    }
  }
}
