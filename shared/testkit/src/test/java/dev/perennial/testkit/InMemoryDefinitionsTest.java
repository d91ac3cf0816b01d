package dev.perennial.testkit;

import dev.perennial.domain.definition.Definitions;

final class InMemoryDefinitionsTest implements DefinitionsContract {

  @Override
  public Definitions definitions() {
    return new InMemoryDefinitions();
  }
}
