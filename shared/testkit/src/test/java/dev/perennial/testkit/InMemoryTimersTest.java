package dev.perennial.testkit;

import dev.perennial.domain.timer.Timers;

final class InMemoryTimersTest implements TimersContract {

  @Override
  public Timers timers() {
    return new InMemoryTimers();
  }
}
