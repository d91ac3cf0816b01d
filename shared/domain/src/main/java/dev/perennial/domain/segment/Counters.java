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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The counters that a set of conditions needs, looked up by event name: an event that no condition
 * names costs one look-up.
 */
public final class Counters implements CounterSet {

  /** No counters. */
  public static final Counters NONE = new Counters(Set::of, _ -> List.of());

  private final Function<String, List<CounterSpec>> ofEvent;
  private final Supplier<Set<CounterId>> counters;
  private @Nullable Set<CounterId> ids;
  private @Nullable String id;

  private Counters(Supplier<Set<CounterId>> counters, Function<String, List<CounterSpec>> ofEvent) {
    this.ofEvent = ofEvent;
    this.counters = counters;
  }

  /** The counters that the conditions need. */
  public static Counters of(Collection<Condition> conditions) {
    Set<CounterSpec> specs = new LinkedHashSet<>();
    conditions.forEach(condition -> specs.addAll(specs(condition)));
    Map<String, List<CounterSpec>> byEventName = new HashMap<>();
    for (CounterSpec spec : specs) {
      byEventName.computeIfAbsent(spec.events().name(), _ -> new ArrayList<>()).add(spec);
    }
    Set<CounterId> ids = specs.stream().map(CounterSpec::id).collect(Collectors.toSet());
    return new Counters(() -> ids, name -> byEventName.getOrDefault(name, List.of()));
  }

  /**
   * These counters, of which those of an event are found out when the first comes.
   *
   * @param ofEvent conditions that together have all counters of events of that name
   */
  static Counters of(Supplier<Set<CounterId>> ids, Function<String, List<Condition>> ofEvent) {
    Map<String, List<CounterSpec>> known = new ConcurrentHashMap<>();
    return new Counters(
        ids,
        name ->
            known.computeIfAbsent(
                name,
                _ ->
                    ofEvent.apply(name).stream()
                        .flatMap(condition -> specs(condition).stream())
                        .filter(spec -> spec.events().name().equals(name))
                        .distinct()
                        .toList()));
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
      known = Set.copyOf(counters.get());
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
    for (CounterSpec spec : ofEvent.apply(name)) {
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
      case Condition.InTier _, Condition.OfRfm _ -> List.of(CounterSpec.of(Rfm.ORDERS));
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
