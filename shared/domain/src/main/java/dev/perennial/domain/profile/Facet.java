package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Mentions;
import dev.perennial.domain.segment.CounterId;
import dev.perennial.domain.segment.CounterSet;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one owner identifier taught. A profile is the fold of its facets: a merge
 * brings them together, a split gives each its own back.
 *
 * @param owner identifier under which the events came
 * @param traits by name, {@value Trait#MOST} at most
 * @param tags by name, given by hand or by feedback, {@value Trait#MOST} at most
 * @param lists what the team said of those on which the owner is, or is not any more
 * @param counters by id
 * @param counterSet {@linkplain CounterSet#id() id} of the set that they are of: of these, every
 *     event was counted. Empty when of none
 * @param firstSeen timestamp of the earliest event
 * @param lastSeen timestamp of the latest event
 * @param events how many were applied; 0 when the owner only has tags and lists, and the times
 *     above say nothing
 * @param vouched whether a server's event was among them
 * @param seen which events were applied and are no longer in the tail
 * @param tail newest events by arrival, not yet in a history page
 * @param newestPage of this owner's history; null when there is none
 */
public record Facet(
    Identifier owner,
    Map<String, Trait> traits,
    Map<String, Trait> tags,
    Map<SegmentId, Listed> lists,
    Map<CounterId, Series> counters,
    String counterSet,
    Instant firstSeen,
    Instant lastSeen,
    long events,
    boolean vouched,
    Seen seen,
    List<Event> tail,
    @Nullable PageId newestPage) {

  /** The trait that holds the group (a company, an account) that the person joined last. */
  public static final String GROUP_ID = "groupId";

  /** The trait that holds the IANA name of the person's time zone. */
  public static final String TIMEZONE = "timezone";

  /** The trait that holds the person's BCP 47 language tag. */
  public static final String LOCALE = "locale";

  /** The trait that holds the push token of the device used last. */
  public static final String PUSH_TOKEN = "pushToken";

  /** Clients send what they gather at least so often. */
  private static final Duration SOON = Duration.ofMinutes(1);

  public Facet {
    traits = Map.copyOf(traits);
    tags = Map.copyOf(tags);
    lists = Map.copyOf(lists);
    counters = Map.copyOf(counters);
    tail = List.copyOf(tail);
  }

  /** A facet that was taught nothing yet, to be completed by {@link #plus}. */
  public static Facet empty(Identifier owner) {
    return new Facet(
        owner,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        "",
        Instant.MAX,
        Instant.MIN,
        0,
        false,
        Seen.NOTHING,
        List.of(),
        null);
  }

  /** Whether the event was applied, as far as the facet can tell. */
  public Seen.Answer saw(Event event) {
    return tail.stream()
        .filter(known -> known.messageId().equals(event.messageId()))
        .map(known -> known.saysWhat(event) ? Seen.Answer.YES : Seen.Answer.YES_BUT_DIFFERENT)
        .findFirst()
        .orElseGet(() -> seen.of(event));
  }

  /**
   * Those of the events, not seen before, that may be applied where so many a day may be at most.
   */
  List<Event> admitted(List<Event> news, int most) {
    List<Event> admitted = new ArrayList<>();
    Arrivals arrivals = seen.arrivals().plus(tail);
    for (Event event : news) {
      if (arrivals.admits(event, most)) {
        admitted.add(event);
        arrivals = arrivals.plus(event);
      }
    }
    return admitted;
  }

  /** Since when events of this owner are kept aside; null when none are. */
  public @Nullable Instant quarantined() {
    return seen.arrivals().quarantined();
  }

  Facet quarantined(Instant since) {
    return with(seen.arriving(arrivals -> arrivals.quarantined(since)));
  }

  /** This facet that remembers something else. */
  Facet with(Seen other) {
    return new Facet(
        owner,
        traits,
        tags,
        lists,
        counters,
        counterSet,
        firstSeen,
        lastSeen,
        events,
        vouched,
        other,
        tail,
        newestPage);
  }

  /**
   * This facet with the counters of that set. Those that it lacks are counted from the beginning:
   * definitions change, and whoever recorded the latest events may not have known of it. Where all
   * of them were counted already, one that is absent counted nothing.
   */
  public Facet counting(CounterSet set, History history) {
    if (counterSet.equals(set.id())) {
      return this;
    }
    Map<CounterId, Series> counted = new HashMap<>(counters);
    counted.keySet().retainAll(set.counters());
    if (events > 0 && !set.isWithin(counterSet) && !counted.keySet().containsAll(set.counters())) {
      Map<CounterId, Series> anew = Map.of();
      for (Event event : all(history)) {
        anew = set.count(anew, event);
      }
      anew.forEach(counted::putIfAbsent);
    }
    return taught(tags, lists, counted, set.id());
  }

  /** Every event that is still kept, once. */
  private Collection<Event> all(History history) {
    Map<String, Event> all = new HashMap<>();
    tail.forEach(event -> all.put(event.messageId(), event));
    if (newestPage != null) {
      history.read(owner, newestPage).forEach(event -> all.put(event.messageId(), event));
    }
    return all.values();
  }

  /**
   * This facet once it learned from events that it did not see before. The same facet, but for the
   * order of its tail, whatever order they come in.
   *
   * @param set the one that it {@linkplain #counting counts}
   */
  public Facet plus(List<Event> news, CounterSet set) {
    Map<String, Trait> learned = new HashMap<>(traits);
    Map<CounterId, Series> counted = counters;
    Instant first = firstSeen;
    Instant last = lastSeen;
    List<Event> longer = new ArrayList<>(tail);
    Map<String, Trait> given = new HashMap<>(tags);
    for (Event event : news) {
      learn(Lessons.traits(event), learned);
      learn(Lessons.tags(event), given);
      counted = set.count(counted, event);
      first = event.timestamp().isBefore(first) ? event.timestamp() : first;
      last = event.timestamp().isAfter(last) ? event.timestamp() : last;
      longer.add(event);
    }
    return new Facet(
        owner,
        Trait.kept(learned),
        Trait.kept(given),
        lists,
        counted,
        counterSet,
        first,
        last,
        events + news.size(),
        vouched || news.stream().anyMatch(event -> event.trust() == Trust.SERVER),
        seen,
        longer,
        newestPage);
  }

  private static void learn(Map<String, Trait> said, Map<String, Trait> all) {
    said.forEach(
        (name, trait) -> {
          if (trait.fits(name)) {
            all.merge(name, trait, Trait::prevailing);
          }
        });
  }

  /** This facet once the team said so of its owner. */
  public Facet tagged(Map<String, Trait> said) {
    Map<String, Trait> next = new HashMap<>(tags);
    said.forEach((name, tag) -> next.merge(name, tag, Trait::prevailing));
    return taught(Trait.kept(next), lists, counters, counterSet);
  }

  /** This facet once the team said so of a list and its owner. */
  Facet listed(SegmentId list, Listed said) {
    Map<SegmentId, Listed> next = new HashMap<>(lists);
    next.merge(list, said, Listed::prevailing);
    return taught(tags, next, counters, counterSet);
  }

  /** This facet without those of the words about lists. */
  public Facet without(Predicate<Map.Entry<SegmentId, Listed>> idle) {
    if (lists.isEmpty()) {
      return this;
    }
    Map<SegmentId, Listed> next = new HashMap<>(lists);
    return next.entrySet().removeIf(idle) ? taught(tags, next, counters, counterSet) : this;
  }

  private Facet taught(
      Map<String, Trait> tags,
      Map<SegmentId, Listed> lists,
      Map<CounterId, Series> counters,
      String counterSet) {
    return new Facet(
        owner,
        traits,
        tags,
        lists,
        counters,
        counterSet,
        firstSeen,
        lastSeen,
        events,
        vouched,
        seen,
        tail,
        newestPage);
  }

  /**
   * This facet as it was at that instant, as far as it remembers; its counters are those of now,
   * which tell when. What was said again since, and before in pages of history only, is taken for
   * what it is now, and the owner for seen at that instant: programs repeat more than they change.
   * An event that came late tells nothing of what is in pages. What the team said since had no word
   * before it.
   */
  Facet asOf(Instant instant) {
    List<Event> before =
        tail.stream().filter(event -> !event.timestamp().isAfter(instant)).toList();
    boolean seenBefore = events > 0 && !firstSeen.isAfter(instant);
    boolean forgot = seenBefore && newestPage != null;
    List<Event> telling = forgot ? before.stream().filter(Facet::cameSoon).toList() : before;
    Map<String, Trait> learned = new HashMap<>();
    Map<String, Trait> given = new HashMap<>();
    for (Event event : telling) {
      learn(Lessons.traits(event), learned);
      learn(Lessons.tags(event), given);
    }
    Map<SegmentId, Listed> listed = new HashMap<>(lists);
    listed.values().removeIf(said -> said.at().isAfter(instant));
    Instant last = lastSeen;
    if (seenBefore && last.isAfter(instant)) {
      Instant known =
          telling.stream().map(Event::timestamp).max(Instant::compareTo).orElse(firstSeen);
      last = forgot && telling.isEmpty() ? instant : known;
    }
    return new Facet(
        owner,
        asOf(instant, traits, learned, forgot),
        asOf(instant, tags, given, forgot),
        listed,
        counters,
        counterSet,
        seenBefore ? firstSeen : Instant.MAX,
        seenBefore ? last : Instant.MIN,
        seenBefore ? events : 0,
        vouched,
        seen,
        before,
        newestPage);
  }

  private static boolean cameSoon(Event event) {
    return !event.receivedAt().isAfter(event.timestamp().plus(SOON));
  }

  private static Map<String, Trait> asOf(
      Instant instant, Map<String, Trait> said, Map<String, Trait> before, boolean forgot) {
    Map<String, Trait> then = new HashMap<>();
    said.forEach(
        (name, trait) -> {
          Trait former = before.get(name);
          if (!trait.at().isAfter(instant)) {
            then.put(name, trait);
          } else if (former != null) {
            then.put(name, former);
          } else if (forgot && !trait.messageId().isEmpty()) {
            then.put(name, trait);
          }
        });
    return then;
  }

  /** This facet as if its events had never named these others. */
  Facet without(Set<Identifier> named) {
    Mentions mentions = new Mentions(named);
    return new Facet(
        owner,
        without(traits, mentions),
        without(tags, mentions),
        lists,
        counters,
        counterSet,
        firstSeen,
        lastSeen,
        events,
        vouched,
        seen,
        tail.stream().map(event -> event.without(named)).toList(),
        newestPage);
  }

  private static Map<String, Trait> without(Map<String, Trait> traits, Mentions mentions) {
    Map<String, Trait> left = new HashMap<>();
    traits.forEach(
        (name, trait) -> {
          Value rest = mentions.without(trait.value());
          if (rest != null) {
            left.put(name, new Trait(rest, trait.at(), trait.messageId(), trait.once()));
          }
        });
    return left;
  }

  /** This facet once its tail is in pages, the last of which is given. */
  public Facet paged(PageId newest) {
    return new Facet(
        owner,
        traits,
        tags,
        lists,
        counters,
        counterSet,
        firstSeen,
        lastSeen,
        events,
        vouched,
        seen.plus(tail),
        List.of(),
        newest);
  }
}
