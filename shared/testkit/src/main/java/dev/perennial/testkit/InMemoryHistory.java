package dev.perennial.testkit;

import dev.perennial.domain.Digest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.PageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** History in this process's memory. */
public final class InMemoryHistory implements History {

  private record Key(Identifier owner, PageId id) {}

  private record Stored(@Nullable PageId before, List<Event> events) {}

  private final Map<Key, Stored> pages = new ConcurrentHashMap<>();

  @Override
  public PageId append(
      Identifier owner, @Nullable PageId newest, List<Event> events, Instant keepUntil) {
    PageId id =
        new PageId(
            newest == null ? 1 : newest.number() + 1,
            Digest.of(String.valueOf(newest), events.toString()));
    pages.put(new Key(owner, id), new Stored(newest, List.copyOf(events)));
    return id;
  }

  @Override
  public List<Event> read(Identifier owner, PageId newest) {
    List<Event> events = new ArrayList<>();
    Stored page = pages.get(new Key(owner, newest));
    while (page != null) {
      events.addAll(page.events());
      page = page.before() == null ? null : pages.get(new Key(owner, page.before()));
    }
    return events;
  }
}
