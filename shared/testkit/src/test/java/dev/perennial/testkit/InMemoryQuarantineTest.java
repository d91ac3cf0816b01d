package dev.perennial.testkit;

import dev.perennial.domain.profile.Quarantine;

final class InMemoryQuarantineTest implements QuarantineContract {

  private final Quarantine quarantine = new InMemoryQuarantine(WORKSPACE);

  @Override
  public Quarantine quarantine() {
    return quarantine;
  }
}
