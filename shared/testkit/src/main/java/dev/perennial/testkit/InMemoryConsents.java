package dev.perennial.testkit;

import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Consent of a test. */
public final class InMemoryConsents implements Consents, Traces {

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

  @Override
  public synchronized int forget(PersonId person) {
    return stored.remove(person) == null ? 0 : 1;
  }

  /** Forgets so that nobody who read before can claim a send. */
  synchronized void fence(PersonId person) {
    stored.put(person, new Permissions(Long.MAX_VALUE, List.of()));
  }

  @Override
  public synchronized String toString() {
    return stored.toString();
  }
}
