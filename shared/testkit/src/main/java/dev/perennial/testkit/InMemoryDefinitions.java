package dev.perennial.testkit;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Definitions of a test. */
public final class InMemoryDefinitions implements Definitions {

  private final Map<Name, List<Definition>> versions = new LinkedHashMap<>();
  private final Map<Name, String> statuses = new LinkedHashMap<>();
  private final Map<Name, Integer> launched = new LinkedHashMap<>();
  private final Map<Name, Integer> first = new LinkedHashMap<>();
  private long catalogVersion;

  private record Name(Kind kind, String id) {}

  @Override
  public synchronized long catalogVersion() {
    return catalogVersion;
  }

  @Override
  public synchronized long latestCatalogVersion() {
    return catalogVersion;
  }

  @Override
  public synchronized Optional<Definition> put(
      Kind kind, String id, Function<Optional<Definition>, Optional<Next>> next) {
    Optional<Definition> newest = find(kind, id);
    Optional<Next> wanted = next.apply(newest);
    if (wanted.isEmpty()) {
      return newest;
    }
    if (!find(kind, id).equals(newest)) {
      return put(kind, id, next);
    }
    Name name = new Name(kind, id);
    List<Definition> made = versions.computeIfAbsent(name, _ -> new ArrayList<>());
    Definition version =
        new Definition(
            kind,
            id,
            made.size() + 1,
            wanted.get().status(),
            wanted.get().document(),
            wanted.get().at());
    made.add(version);
    if (newest.isEmpty()) {
      first.put(name, version.version());
    }
    statuses.put(name, version.status());
    catalogVersion++;
    return Optional.of(current(version));
  }

  @Override
  public synchronized boolean changeStatus(Kind kind, String id, String from, String to) {
    boolean changed = statuses.replace(new Name(kind, id), from, to);
    if (changed) {
      catalogVersion++;
    }
    return changed;
  }

  @Override
  public synchronized boolean launch(Kind kind, String id, int version, String from, String to) {
    boolean newest = find(kind, id).filter(found -> found.version() == version).isPresent();
    boolean changed = newest && changeStatus(kind, id, from, to);
    if (changed) {
      launched.put(new Name(kind, id), version);
    }
    return changed;
  }

  @Override
  public synchronized Optional<Definition> find(Kind kind, String id) {
    Name name = new Name(kind, id);
    return statuses.containsKey(name) ? Optional.of(newest(name)) : Optional.empty();
  }

  @Override
  public synchronized Optional<Definition> findDeleted(Kind kind, String id) {
    Name name = new Name(kind, id);
    return versions.containsKey(name) && !statuses.containsKey(name)
        ? Optional.of(newest(name))
        : Optional.empty();
  }

  @Override
  public synchronized Optional<Definition> find(Kind kind, String id, int version) {
    List<Definition> made = versions.getOrDefault(new Name(kind, id), List.of());
    return version >= 1 && version <= made.size()
        ? Optional.of(current(made.get(version - 1)))
        : Optional.empty();
  }

  @Override
  public synchronized List<Definition> list(Kind kind) {
    return statuses.keySet().stream()
        .filter(name -> name.kind() == kind)
        .map(name -> newest(name))
        .sorted(Comparator.comparing(Definition::id))
        .toList();
  }

  @Override
  public synchronized boolean delete(Kind kind, String id) {
    boolean deleted = statuses.remove(new Name(kind, id)) != null;
    if (deleted) {
      catalogVersion++;
    }
    return deleted;
  }

  private Definition newest(Name name) {
    return current(versions.getOrDefault(name, List.of()).getLast());
  }

  private Definition current(Definition made) {
    Name name = new Name(made.kind(), made.id());
    return new Definition(
        made.kind(),
        made.id(),
        made.version(),
        statuses.getOrDefault(name, Definition.DELETED),
        launched.getOrDefault(name, 0),
        made.document(),
        made.at(),
        first.getOrDefault(name, 1));
  }
}
