package dev.perennial.domain.profile;

/** How far somebody has come with us, each stage beyond the one before. */
public enum CustomerStage {
  /** Known, and no more. */
  ACQUISITION,
  /** Tried what we offer. */
  EXPERIENCE,
  /** Bought. */
  CONVERSION,
  /** Bought again. */
  REPURCHASE,
  /** Brought others. */
  REFERRAL
}
