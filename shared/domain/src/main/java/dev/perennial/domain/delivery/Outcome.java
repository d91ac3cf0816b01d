package dev.perennial.domain.delivery;

/** What is known after one call of a provider. */
public sealed interface Outcome {

  /** The provider accepted it and gave it this id. */
  record Sent(String providerId) implements Outcome {}

  /** Provably not accepted, and worth another try later. */
  record Retryable(String detail) implements Outcome {}

  /** Provably not accepted, and never will be. */
  record Refused(String detail) implements Outcome {}

  /** Perhaps accepted, perhaps not: never sent again on its own. */
  record Unknown(String detail) implements Outcome {}
}
