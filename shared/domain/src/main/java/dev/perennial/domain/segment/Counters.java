package dev.perennial.domain.segment;

import dev.perennial.domain.Digest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The counters that a set of conditions needs, looked up by event name: an event that no condition
 * names costs one look-up.
 */
public final class Counters implements CounterSet {

  /** No counters. */
  public static final Counters NONE = new Counters(Map.of(), new Known(Set.of()), List.of());

  /** Most larger sets that are remembered. */
  private static final int MOST_LARGER = 64;

  /** By the name of the event, as far as they were found out. */
  private final Map<String, List<CounterSpec>> found;

  private final Source source;

  /** Ids of former sets that had all of these counters, the oldest first. */
  private final List<String> larger;

  private @Nullable Set<CounterId> ids;
  private @Nullable String id;

  /** Where counters are found out when they are first asked for. */
  interface Source {
    Set<CounterId> ids();

    /** Conditions that together have all counters of events of that name not found out before. */
    List<Condition> counting(String event);
  }

  /** All were found out. */
  private record Known(Set<CounterId> ids) implements Source {
    @Override
    public List<Condition> counting(String event) {
      return List.of();
    }
  }

  private Counters(Map<String, List<CounterSpec>> found, Source source, List<String> larger) {
    this.found = new ConcurrentHashMap<>(found);
    this.source = source;
    this.larger = List.copyOf(larger);
  }

  /** The counters that the conditions need. */
  public static Counters of(Collection<Condition> conditions) {
    Set<CounterSpec> specs = new LinkedHashSet<>();
    conditions.forEach(condition -> specs.addAll(specs(condition)));
    Map<String, List<CounterSpec>> byEventName = new HashMap<>();
    for (CounterSpec spec : specs) {
      byEventName.computeIfAbsent(spec.events().name(), _ -> new ArrayList<>()).add(spec);
    }
    return new Counters(
        byEventName,
        new Known(specs.stream().map(CounterSpec::id).collect(Collectors.toSet())),
        List.of());
  }

  /** The counters of that source. Named classes only: lambdas cost a fresh process most. */
  static Counters of(Source source, List<String> larger) {
    return new Counters(Map.of(), source, larger);
  }

  /** Those that were counted before: they count nothing any more. */
  public static Counters former(Set<CounterId> ids, List<String> larger) {
    return new Counters(Map.of(), new Known(ids), larger);
  }

  /** What to remember of larger sets where these were the counters before. */
  List<String> largerThan(Set<CounterId> next) {
    if (!counters().containsAll(next)) {
      return List.of();
    }
    List<String> all = new ArrayList<>(larger);
    if (counters().size() > next.size()) {
      all.add(id());
    }
    return all.subList(Math.max(0, all.size() - MOST_LARGER), all.size());
  }

  /** Ids of former sets that had all of these counters, the oldest first. */
  public List<String> larger() {
    return larger;
  }

  @Override
  public boolean isWithin(String other) {
    return other.equals(id()) || larger.contains(other);
  }

  /** Names of events are made up by clients: one that nobody counts is not remembered. */
  private List<CounterSpec> ofEvent(String name) {
    List<CounterSpec> known = found.get(name);
    if (known == null) {
      known =
          source.counting(name).stream()
              .flatMap(condition -> specs(condition).stream())
              .filter(spec -> spec.events().name().equals(name))
              .distinct()
              .toList();
      if (!known.isEmpty()) {
        found.put(name, known);
      }
    }
    return known;
  }

  /** The counters that the condition needs. */
  static Set<CounterSpec> specs(Condition condition) {
    Set<CounterSpec> specs = new LinkedHashSet<>();
    Condition.forEachLeaf(condition, leaf -> specs.addAll(ofLeaf(leaf)));
    return specs;
  }

  @Override
  public synchronized String id() {
    String known = id;
    if (known == null) {
      known = Digest.of(counters().stream().map(CounterId::value).sorted().toArray(String[]::new));
      id = known;
    }
    return known;
  }

  @Override
  public synchronized Set<CounterId> counters() {
    Set<CounterId> known = ids;
    if (known == null) {
      known = Set.copyOf(source.ids());
      ids = known;
    }
    return known;
  }

  @Override
  public Map<CounterId, Series> count(Map<CounterId, Series> counters, Event event) {
    String name = event.name();
    if (event.type() != EventType.TRACK || name == null) {
      return counters;
    }
    Map<CounterId, Series> changed = null;
    for (CounterSpec spec : ofEvent(name)) {
      if (spec.events().matches(event)) {
        if (changed == null) {
          changed = new HashMap<>(counters);
        }
        Series before = changed.getOrDefault(spec.id(), Series.EMPTY);
        changed.put(spec.id(), before.plus(event.timestamp(), spec.point(event)));
      }
    }
    return changed == null ? counters : changed;
  }

  private static List<CounterSpec> ofLeaf(Condition leaf) {
    return switch (leaf) {
      case Condition.OfEvents events -> List.of(CounterSpec.of(events));
      case Condition.LastBefore last -> List.of(CounterSpec.of(last.events()));
      case Condition.FirstBefore first -> List.of(CounterSpec.of(first.events()));
      case Condition.Sequence sequence -> sequence.steps().stream().map(CounterSpec::of).toList();
      case Condition.NotFollowedBy left ->
          List.of(CounterSpec.of(left.events()), CounterSpec.of(left.by()));
      case Condition.OfComputed of ->
          of.formula().parts().stream().map(Formula.OfEvents::spec).toList();
      case Condition.InTier _, Condition.OfRfm _ -> List.of(Orders.COUNTED);
      case Condition.All _,
          Condition.Any _,
          Condition.Not _,
          Condition.OfTrait _,
          Condition.OfTag _,
          Condition.Inactive _,
          Condition.OfDate _,
          Condition.InLifecycle _,
          Condition.InStage _,
          Condition.Reachable _,
          Condition.OfConsent _,
          Condition.Imported _,
          Condition.InSegment _ ->
          List.of();
    };
  }
}
