package dev.perennial.testkit;

import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Population;

final class InMemoryPopulationTest implements PopulationContract {

  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());

  @Override
  public People people() {
    return people;
  }

  @Override
  public Population population() {
    return new InMemoryPopulation(people);
  }
}
