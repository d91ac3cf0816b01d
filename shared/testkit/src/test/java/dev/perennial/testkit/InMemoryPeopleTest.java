package dev.perennial.testkit;

import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Totals;

final class InMemoryPeopleTest implements PeopleContract {

  private final Totals totals = new InMemoryTotals();
  private final People people = new InMemoryPeople(WORKSPACE, totals);

  @Override
  public People people() {
    return people;
  }

  @Override
  public Totals totals() {
    return totals;
  }
}
