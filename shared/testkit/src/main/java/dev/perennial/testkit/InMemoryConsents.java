package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.identity.PersonId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Consent of a test. */
public final class InMemoryConsents implements Consents {

  private final Map<PersonId, Permissions> stored = new HashMap<>();

  @Override
  public synchronized Permissions of(PersonId person) {
    return stored.getOrDefault(person, Permissions.NONE);
  }

  @Override
  public synchronized Map<PersonId, Permissions> of(Set<PersonId> ids) {
    return ids.stream().collect(Collectors.toMap(id -> id, this::of));
  }

  @Override
  public synchronized boolean save(PersonId person, Permissions permissions) {
    if (of(person).version() != permissions.version()) {
      return false;
    }
    stored.put(person, new Permissions(permissions.version() + 1, permissions.consents()));
    return true;
  }
}
