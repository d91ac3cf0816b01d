package dev.perennial.testkit;

import dev.perennial.domain.segment.Scorings;

final class InMemoryScoringsTest implements ScoringsContract {
  @Override
  public Scorings scorings() {
    return new InMemoryScorings();
  }
}
