package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Block;
import org.jspecify.annotations.Nullable;

/** What is known after one call of a provider. */
public sealed interface Outcome {

  /**
   * The provider accepted it and gave it this id.
   *
   * @param token under which the device is reached from now on; null when it stays as it was
   */
  record Sent(String providerId, @Nullable String token) implements Outcome {
    public Sent(String providerId) {
      this(providerId, null);
    }
  }

  /** Provably not accepted, and worth another try later. */
  record Retryable(String detail) implements Outcome {}

  /**
   * Provably not accepted, and never will be.
   *
   * @param block why nothing else may go to the address either; null when only this message may not
   */
  record Refused(String detail, Block.@Nullable Reason block) implements Outcome {
    public Refused(String detail) {
      this(detail, null);
    }
  }

  /** Perhaps accepted, perhaps not: never sent again on its own. */
  record Unknown(String detail) implements Outcome {}
}
