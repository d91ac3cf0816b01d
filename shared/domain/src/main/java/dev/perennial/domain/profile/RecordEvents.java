package dev.perennial.domain.profile;

import dev.perennial.domain.Contended;
import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Catalogs;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Evidence;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Journey;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.Acquaintances.Copy;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes events part of the people they are about: finds or founds the people, lets their facets
 * learn, joins and divides them as the links demand, and tells the next stages.
 *
 * <p>All events of one person become one conditional write; events that make people meet, one
 * transaction. An event already applied changes nothing but is told again, because whoever applied
 * it may have crashed before telling: what there is to tell follows from the event, so the message
 * itself is the outbox.
 */
public final class RecordEvents {

  /**
   * A transaction takes 100 items; each identifier may need a pointer, a person, and an item for
   * its facet, and others may part who are not named.
   */
  private static final int IDENTIFIERS_PER_CHANGE = 25;

  /**
   * What happened longer before people met may have been seen and told of one of them: when they
   * meet it starts nothing.
   */
  private static final Duration RECENT = Duration.ofMinutes(10);

  private final People people;
  private final History history;
  private final Catalogs catalogs;
  private final Totals totals;
  private final @Nullable Limit limit;
  private final Publisher<ProfileChange> changes;
  private final Publisher<Trigger> triggers;
  private final SettlePeople settle;
  private final InstantSource clock;
  private final Pause pause;

  /** Where events of one owner beyond so many a day go. */
  private record Limit(int mostADay, Quarantine quarantine) {}

  /**
   * One that applies all events of an owner, however many.
   *
   * @param mostUserIds an identifier seen with more is shared
   */
  public RecordEvents(
      People people,
      History history,
      Catalogs catalogs,
      Totals totals,
      Publisher<ProfileChange> changes,
      Publisher<Trigger> triggers,
      Timers timers,
      int mostUserIds,
      InstantSource clock,
      Pause pause) {
    this(
        people,
        history,
        catalogs,
        totals,
        changes,
        triggers,
        new SettlePeople(people, timers, mostUserIds, pause),
        clock,
        pause,
        null);
  }

  private RecordEvents(
      People people,
      History history,
      Catalogs catalogs,
      Totals totals,
      Publisher<ProfileChange> changes,
      Publisher<Trigger> triggers,
      SettlePeople settle,
      InstantSource clock,
      Pause pause,
      @Nullable Limit limit) {
    this.people = people;
    this.history = history;
    this.catalogs = catalogs;
    this.totals = totals;
    this.changes = changes;
    this.triggers = triggers;
    this.settle = settle;
    this.clock = clock;
    this.pause = pause;
    this.limit = limit;
  }

  /** This one, but of each owner it applies at most so many events of a day and keeps the rest. */
  public RecordEvents keepingAside(int mostADay, Quarantine quarantine) {
    return new RecordEvents(
        people,
        history,
        catalogs,
        totals,
        changes,
        triggers,
        settle,
        clock,
        pause,
        new Limit(mostADay, quarantine));
  }

  /**
   * Records the events of each message and returns the indexes of the messages that must come
   * again, because others kept changing the same people. Those not returned are recorded and told.
   */
  public Set<Integer> record(List<List<Event>> messages) {
    return record(messages, _ -> {});
  }

  /**
   * Events that were not applied, though nobody applied them before.
   *
   * @param refused about erased people
   * @param different whose message id belongs to another event that said something else
   * @param quarantined of owners who have too many
   */
  public record Passed(long refused, long different, long quarantined) {}

  /** As {@link #record(List)}; tells when events were passed over. */
  public Set<Integer> record(List<List<Event>> messages, Consumer<Passed> passed) {
    List<Copy> copies = new ArrayList<>();
    for (int message = 0; message < messages.size(); message++) {
      for (Event event : messages.get(message)) {
        copies.add(new Copy(message, event));
      }
    }
    Invocation invocation = new Invocation(catalogs.current(), clock.instant());
    try {
      invocation.record(copies, 1);
    } finally {
      // What was saved before somebody's events failed is not applied again when they come again,
      // so now is the only time to count it.
      tell(invocation);
      invocation.passed().ifPresent(passed);
    }
    return invocation.failed;
  }

  private void tell(Invocation invocation) {
    if (invocation.applied > 0) {
      totals.add(Totals.EVENTS, invocation.applied);
    }
    if (invocation.refused > 0) {
      totals.add(Totals.REFUSED, invocation.refused);
    }
    if (invocation.different > 0) {
      totals.add(Totals.DIFFERENT, invocation.different);
    }
    if (invocation.quarantined > 0) {
      totals.add(Totals.QUARANTINED, invocation.quarantined);
    }
    if (!invocation.news.isEmpty()) {
      changes.publish(invocation.news.values());
    }
    if (!invocation.heard.isEmpty()) {
      triggers.publish(invocation.heard);
    }
  }

  private final class Invocation {

    private final Catalog catalog;
    private final Instant now;
    private final String workspace = people.workspace();
    private final Map<PersonId, ProfileChange> news = new HashMap<>();
    private final Set<Trigger> heard = new LinkedHashSet<>();
    private final Set<Integer> failed = new HashSet<>();
    private long applied;
    private long refused;
    private long different;
    private long quarantined;

    Invocation(Catalog catalog, Instant now) {
      this.catalog = catalog;
      this.now = now;
    }

    Optional<Passed> passed() {
      return refused + different + quarantined > 0
          ? Optional.of(new Passed(refused, different, quarantined))
          : Optional.empty();
    }

    void record(List<Copy> copies, int attempt) {
      Freshness freshness = attempt == 1 ? Freshness.RECENT : Freshness.CURRENT;
      Acquaintances acquaintances = Acquaintances.load(copies, people, freshness);
      refused += copies.size() - acquaintances.copies().size();
      for (List<Copy> group : acquaintances.groups()) {
        List<Copy> part = head(group);
        if (part.size() < group.size()) {
          record(part, 1);
          record(group.subList(part.size(), group.size()), 1);
        } else if (!acquaintances.consistent(group) || !tried(group, acquaintances)) {
          again(group, attempt);
        }
      }
    }

    private void again(List<Copy> group, int attempt) {
      if (attempt == Pause.TRIES) {
        group.forEach(copy -> failed.add(copy.message()));
        return;
      }
      pause.after(attempt);
      record(group, attempt + 1);
    }

    private boolean tried(List<Copy> group, Acquaintances acquaintances) {
      try {
        return recorded(group, acquaintances);
      } catch (Contended _) {
        return false;
      }
    }

    /** Whether it is done; false when somebody else wrote first. */
    private boolean recorded(List<Copy> group, Acquaintances acquaintances) {
      Set<Person> before = acquaintances.people(group);
      Map<Identifier, Facet> facets = new HashMap<>();
      before.forEach(person -> facets.putAll(person.facets()));
      Fresh fresh = Fresh.of(group, facets, history);

      Evidence.Builder evidence = new Evidence.Builder();
      before.forEach(person -> evidence.add(person.evidence()));
      boolean full = evidence.isFull();
      Set<Identifier> identifiers = acquaintances.identifiers(group).collect(Collectors.toSet());
      Map<Identifier, Map<String, Event>> aside = new HashMap<>();
      boolean changed = false;
      int count = 0;
      for (Map.Entry<Identifier, List<Event>> entry : fresh.byOwner().entrySet()) {
        Identifier owner = entry.getKey();
        Facet known = facets.getOrDefault(owner, Facet.empty(owner));
        List<Event> events = admitted(known, entry.getValue());
        Facet facet = events.isEmpty() ? known : learn(known, events);
        if (events.size() < entry.getValue().size()) {
          Set<String> admitted = events.stream().map(Event::messageId).collect(Collectors.toSet());
          Map<String, Event> rest = new LinkedHashMap<>();
          entry.getValue().stream()
              .filter(event -> !admitted.contains(event.messageId()))
              .forEach(event -> rest.put(event.messageId(), event));
          aside.put(owner, rest);
          facet = facet.quarantined() == null ? facet.quarantined(now) : facet;
        }
        changed |= !facet.equals(known);
        facets.put(owner, facet);
        events.forEach(event -> Testimony.add(event, identifiers, full, evidence));
        count += events.size();
      }
      Change change = Change.NOTHING;
      if (changed || before.stream().anyMatch(Person::unsettled)) {
        change =
            acquaintances.aim(settle.change(before, evidence.build(), facets, since(fresh), now));
      }
      if (!change.people().isEmpty() && !settle.save(change, identifiers, now)) {
        return false;
      }
      applied += count;
      different += fresh.different();
      aside.forEach((owner, events) -> keepAside(owner, List.copyOf(events.values())));
      tell(told(group, aside), before, change);
      return settle.settle(change, now, next -> tell(List.of(), List.of(), next));
    }

    /** Since when the events go that are news: the earliest of the last minutes. */
    private Instant since(Fresh fresh) {
      Instant recent = now.minus(RECENT);
      return fresh.byOwner().values().stream()
          .flatMap(List::stream)
          .map(Event::timestamp)
          .filter(at -> at.isAfter(recent) && at.isBefore(now))
          .min(Comparator.naturalOrder())
          .orElse(now);
    }

    private List<Event> admitted(Facet facet, List<Event> events) {
      return limit == null ? events : facet.admitted(events, limit.mostADay());
    }

    private void keepAside(Identifier owner, List<Event> events) {
      if (limit != null) {
        limit.quarantine().keep(owner, events, now, now.plus(History.KEPT));
        quarantined += events.size();
      }
    }

    /** Without what is kept aside, which starts nothing. */
    private static List<Copy> told(List<Copy> group, Map<Identifier, Map<String, Event>> aside) {
      return aside.isEmpty()
          ? group
          : group.stream()
              .filter(
                  copy ->
                      !aside
                          .getOrDefault(copy.event().owner(), Map.of())
                          .containsKey(copy.event().messageId()))
              .toList();
    }

    private Facet learn(Facet known, List<Event> events) {
      Facet facet = known.counting(catalog.counters(), history).plus(events, catalog.counters());
      if (!Pages.overflows(facet.tail())) {
        return facet;
      }
      Instant latest = facet.lastSeen().isAfter(now) ? facet.lastSeen() : now;
      PageId newest = facet.newestPage();
      for (List<Event> page : Pages.cut(facet.tail())) {
        newest = history.append(known.owner(), newest, page, latest.plus(History.KEPT));
      }
      return newest == null ? facet : facet.paged(newest);
    }

    private void tell(List<Copy> group, Collection<Person> before, Change change) {
      if (group.isEmpty() && change.people().isEmpty()) {
        return;
      }
      Map<PersonId, Person> now = new HashMap<>();
      before.forEach(person -> now.put(person.id(), person));
      change.absorbed().forEach(absorbed -> now.remove(absorbed.id()));
      change.people().forEach(person -> now.put(person.id(), person));
      Set<Identifier> homes = new HashSet<>();
      Cause caused = isNews(group, this.now) ? Cause.EVENT : Cause.BACKFILL;
      for (Person person : now.values()) {
        news.merge(person.id(), new ProfileChange(person.id(), caused), ProfileChange::and);
        homes.addAll(person.identifiers().keySet());
      }
      for (Copy copy : group) {
        Event event = copy.event();
        if (homes.contains(event.owner())
            && event.type() == EventType.TRACK
            && event.name() != null
            && catalog.listenedEvents().contains(event.name())) {
          // By the owner, so that what it starts stays theirs when people part again.
          heard.add(new Trigger.OfEvent(event.owner().hash(workspace), event));
        }
      }
    }
  }

  private static boolean isNews(List<Copy> group, Instant now) {
    Instant stale = now.minus(Journey.NEWS);
    return group.stream().anyMatch(copy -> !copy.event().timestamp().isBefore(stale));
  }

  private static List<Copy> head(List<Copy> group) {
    Set<Identifier> identifiers = new HashSet<>();
    int end = 0;
    for (Copy copy : group) {
      identifiers.add(copy.event().owner());
      identifiers.addAll(copy.event().others());
      if (identifiers.size() > IDENTIFIERS_PER_CHANGE && end > 0) {
        break;
      }
      end++;
    }
    return group.subList(0, end);
  }
}
