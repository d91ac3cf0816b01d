package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Quarantine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Quarantine of a test. */
public final class InMemoryQuarantine implements Quarantine, Traces {

  private final String workspace;
  private final Map<PersonId, Kept> kept = new TreeMap<>();
  private final Map<PersonId, List<Batch>> batches = new TreeMap<>();

  public InMemoryQuarantine(String workspace) {
    this.workspace = workspace;
  }

  @Override
  public synchronized void keep(
      Identifier owner, List<Event> events, Instant now, Instant keepUntil) {
    PersonId id = owner.hash(workspace);
    List<Batch> known = batches.computeIfAbsent(id, _ -> new ArrayList<>());
    known.add(new Batch("%013d#%d".formatted(now.toEpochMilli(), known.size()), events));
    kept.merge(
        id,
        new Kept(id, owner, now, events.size()),
        (one, more) -> new Kept(id, owner, one.since(), one.events() + more.events()));
  }

  @Override
  public synchronized Optional<Kept> find(PersonId owner) {
    return Optional.ofNullable(kept.get(owner));
  }

  @Override
  public synchronized List<Kept> find(Collection<PersonId> owners) {
    return kept.values().stream().filter(one -> owners.contains(one.id())).toList();
  }

  @Override
  public synchronized Page<Kept> list(int limit, @Nullable String cursor) {
    List<Kept> left =
        kept.values().stream()
            .filter(one -> cursor == null || one.id().value().compareTo(cursor) > 0)
            .toList();
    return left.size() <= limit
        ? new Page<>(left, null)
        : new Page<>(left.subList(0, limit), left.get(limit - 1).id().value());
  }

  @Override
  public synchronized List<Batch> batches(PersonId owner, String after, int limit) {
    return batches.getOrDefault(owner, List.of()).stream()
        .filter(batch -> batch.id().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean rewrite(PersonId owner, UnaryOperator<Event> change) {
    List<Batch> known = batches.getOrDefault(owner, new ArrayList<>());
    List<Batch> before = List.copyOf(known);
    known.replaceAll(batch -> new Batch(batch.id(), batch.events().stream().map(change).toList()));
    return !known.equals(before);
  }

  @Override
  public synchronized void drop(PersonId owner, Batch batch) {
    if (batches.getOrDefault(owner, List.of()).remove(batch)) {
      kept.computeIfPresent(
          owner,
          (id, one) ->
              new Kept(id, one.identifier(), one.since(), one.events() - batch.events().size()));
    }
  }

  @Override
  public synchronized void close(Kept known) {
    kept.remove(known.id(), known);
  }

  @Override
  public synchronized int forget(PersonId owner) {
    kept.remove(owner);
    List<Batch> gone = batches.remove(owner);
    return gone == null ? 0 : gone.size();
  }

  @Override
  public synchronized String toString() {
    return kept + " " + batches;
  }
}
