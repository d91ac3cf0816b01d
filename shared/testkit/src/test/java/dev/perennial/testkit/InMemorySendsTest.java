package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.PauseSwitch;
import dev.perennial.domain.delivery.Sends;

class InMemorySendsTest implements SendsContract {

  private final Consents consents = new InMemoryConsents();
  private final PauseSwitch pauses = new InMemoryPauseSwitch();
  private final Sends sends = new InMemorySends(consents, pauses);

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }

  @Override
  public PauseSwitch pauses() {
    return pauses;
  }
}
