package dev.perennial.domain.profile;

/** Where a person stands with us, by {@link LifecycleRules}. */
public enum Lifecycle {
  /** First seen lately. */
  NEW,
  /** Last seen lately. */
  ACTIVE,
  /** Not seen for a while. */
  AT_RISK,
  /** Not seen for long. */
  DORMANT
}
