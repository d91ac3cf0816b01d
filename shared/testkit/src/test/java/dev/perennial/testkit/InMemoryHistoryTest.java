package dev.perennial.testkit;

import dev.perennial.domain.profile.History;

final class InMemoryHistoryTest implements HistoryContract {

  @Override
  public History history() {
    return new InMemoryHistory("contract");
  }
}
