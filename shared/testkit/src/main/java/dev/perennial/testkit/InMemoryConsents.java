package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Consent of a test. */
public final class InMemoryConsents implements Consents, Traces {

  private final Map<PersonId, Permissions> stored = new HashMap<>();
  private final Map<PersonId, Set<Consent>> history = new HashMap<>();

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
    stored.put(person, permissions.stored());
    return true;
  }

  @Override
  public synchronized boolean recount(PersonId person, Permissions permissions) {
    if (!of(person).blocks().equals(permissions.blocks())) {
      throw new IllegalStateException("a block of " + person + " changed too");
    }
    return save(person, permissions);
  }

  @Override
  public synchronized int forget(PersonId person) {
    int gone = Optional.ofNullable(history.remove(person)).map(Set::size).orElse(0);
    Permissions known = of(person);
    Permissions kept = known.outliving();
    if (known.version() == 0 || (kept.equals(known) && !kept.isEmpty())) {
      return gone;
    }
    if (kept.isEmpty()) {
      stored.remove(person);
    } else {
      stored.put(person, kept.stored());
    }
    return gone + 1;
  }

  /** Forgets so that nobody who read before can claim a send. */
  synchronized void fence(PersonId person) {
    Permissions kept = of(person).outliving();
    history.remove(person);
    stored.put(person, new Permissions(Long.MAX_VALUE, kept.consents(), List.of(), kept.blocks()));
  }

  @Override
  public synchronized String toString() {
    return history.isEmpty() ? stored.toString() : stored + " " + history;
  }

  @Override
  public synchronized boolean save(PersonId person, Permissions permissions, Consent decision) {
    if (!save(person, permissions)) {
      return false;
    }
    history.computeIfAbsent(person, _ -> new HashSet<>()).add(decision);
    return true;
  }

  @Override
  public synchronized Page<Blocked> blocked(int limit, @Nullable String cursor) {
    List<Blocked> blocked = new ArrayList<>();
    stored.forEach(
        (id, permissions) -> {
          Block block = permissions.block();
          if (block != null && (cursor == null || id.value().compareTo(cursor) > 0)) {
            blocked.add(new Blocked(id, block));
          }
        });
    blocked.sort(Comparator.comparing(one -> one.address().value()));
    return blocked.size() <= limit
        ? new Page<>(blocked, null)
        : new Page<>(blocked.subList(0, limit), blocked.get(limit - 1).address().value());
  }

  @Override
  public synchronized List<Consent> history(Collection<PersonId> ids) {
    return ids.stream()
        .flatMap(id -> history.getOrDefault(id, Set.of()).stream())
        .distinct()
        .sorted(Comparator.comparing(Consent::at).reversed())
        .toList();
  }
}
