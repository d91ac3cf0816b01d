package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.delivery.Sends;

class InMemorySendsTest implements SendsContract {

  private final Consents consents = new InMemoryConsents();
  private final Sends sends = new InMemorySends(consents);

  @Override
  public Sends sends() {
    return sends;
  }

  @Override
  public Consents consents() {
    return consents;
  }
}
