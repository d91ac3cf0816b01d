package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.profile.Totals;

class InMemorySendsTest implements SendsContract {

  private final Consents consents = new InMemoryConsents();
  private final PauseSwitch pauses = new InMemoryPauseSwitch();
  private final Totals totals = new InMemoryTotals();
  private final Sends sends = new InMemorySends(consents, pauses, totals);

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public Totals totals() {
    return totals;
  }

  @Override
  public PauseSwitch pauses() {
    return pauses;
  }
}
