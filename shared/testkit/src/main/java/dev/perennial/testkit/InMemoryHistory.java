package dev.perennial.testkit;

import dev.perennial.domain.Digest;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** History in this process's memory. */
public final class InMemoryHistory implements History, Traces {

  private record Stored(@Nullable PageId before, List<Event> events, Instant keepUntil) {}

  private final String workspace;
  private final Map<PersonId, Map<PageId, Stored>> pages = new ConcurrentHashMap<>();

  public InMemoryHistory() {
    this("main");
  }

  /**
   * @param workspace part of the hashes of owners
   */
  public InMemoryHistory(String workspace) {
    this.workspace = workspace;
  }

  @Override
  public PageId append(
      Identifier owner, @Nullable PageId newest, List<Event> events, Instant keepUntil) {
    PageId id =
        new PageId(
            newest == null ? 1 : newest.number() + 1,
            Digest.of(String.valueOf(newest), events.toString()));
    pages
        .computeIfAbsent(owner.hash(workspace), _ -> new ConcurrentHashMap<>())
        .put(id, new Stored(newest, List.copyOf(events), keepUntil));
    return id;
  }

  @Override
  public Optional<Page> page(Identifier owner, PageId id) {
    return Optional.ofNullable(of(owner).get(id))
        .map(stored -> new Page(stored.before(), stored.events(), stored.keepUntil()));
  }

  @Override
  public boolean rewrite(PersonId owner, UnaryOperator<Event> change) {
    boolean changed = false;
    for (Map.Entry<PageId, Stored> page : pages.getOrDefault(owner, Map.of()).entrySet()) {
      List<Event> events = page.getValue().events().stream().map(change).toList();
      changed |= !events.equals(page.getValue().events());
      page.setValue(new Stored(page.getValue().before(), events, page.getValue().keepUntil()));
    }
    return changed;
  }

  @Override
  public int forget(PersonId owner) {
    Map<PageId, Stored> gone = pages.remove(owner);
    return gone == null ? 0 : gone.size();
  }

  private Map<PageId, Stored> of(Identifier owner) {
    return pages.getOrDefault(owner.hash(workspace), Map.of());
  }

  @Override
  public String toString() {
    return pages.toString();
  }

  @Override
  public List<Event> read(Identifier owner, PageId newest, Instant since) {
    List<Event> events = new ArrayList<>();
    Page page = page(owner, newest).orElse(null);
    while (page != null && !page.latest().isBefore(since)) {
      events.addAll(page.events());
      page = page.before() == null ? null : page(owner, page.before()).orElse(null);
    }
    return events;
  }
}
