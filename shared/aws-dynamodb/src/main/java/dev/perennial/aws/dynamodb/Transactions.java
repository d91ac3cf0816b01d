package dev.perennial.aws.dynamodb;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Transactions whose refusal by a condition or by another writer is an expected outcome. */
final class Transactions {

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

  static Outcome write(DynamoDbClient dynamo, List<TransactWriteItem> writes) {
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
