package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Totals;

final class InMemoryErasuresTest implements ErasuresContract {

  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemoryErasures erasures = new InMemoryErasures(people, consents);

  @Override
  public People people() {
    return people;
  }

  @Override
  public Totals totals() {
    return totals;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public Erasures erasures() {
    return erasures;
  }
}
