package dev.perennial.testkit;

import dev.perennial.domain.segment.Backfills;

final class InMemoryBackfillsTest implements BackfillsContract {
  @Override
  public Backfills backfills() {
    return new InMemoryBackfills();
  }
}
