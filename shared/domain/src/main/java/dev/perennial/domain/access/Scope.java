package dev.perennial.domain.access;

/** What a key may do. A write key has {@link #INGEST} only. */
public enum Scope {
  INGEST,
  READ,
  WRITE,
  LAUNCH,
  ADMIN
}
