package dev.perennial.domain.erasure;

import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.delivery.Devices;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Head;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Works off an erasure in three visits. The first deletes everything but hashes; the second, when
 * no function can be left that had loaded the person before, does it again; the third, when the
 * identifiers need no longer be refused, removes the hashes.
 *
 * <p>Each step may be done twice, so a visit that a crash cut short is simply made again, from what
 * the erasure says is done: its timer stays until the visit is over, and the timer of the next is
 * written before the erasure says so.
 */
public final class ErasePerson {

  /** Longer than any function runs. */
  public static final Duration STRAGGLERS = Duration.ofHours(1);

  /**
   * Calls of the stores in one go, a third of those that a function has time for; then the next
   * message goes on.
   */
  static final int AT_ONCE = 4_000;

  /** Most calls that a step takes besides what it deletes. */
  private static final int CALLS = 3;

  /** Most calls that it takes to delete a thing. */
  private static final int CALLS_EACH = 4;

  /**
   * A part of a visit.
   *
   * @param kind as what to count that which it deletes
   * @param calls how many it takes, about
   * @param take deletes some of what there is, and answers how much that was; 0 at the end
   */
  private record Step(String kind, int calls, IntSupplier take) {
    Step(String kind, IntSupplier take) {
      this(kind, CALLS, take);
    }
  }

  private final String workspace;
  private final Erasures erasures;
  private final People people;
  private final History history;
  private final Quarantine quarantine;
  private final Members members;
  private final Timers timers;
  private final Traces consents;
  private final Map<String, Traces> traces;
  private final Publisher<Due> work;
  private final Pause pause;

  /**
   * @param consents apart from the other traces: the person's own must hold off senders until the
   *     second visit
   * @param traces what else is kept by id, by the name to count it under
   */
  public ErasePerson(
      String workspace,
      Erasures erasures,
      People people,
      History history,
      Quarantine quarantine,
      Members members,
      Timers timers,
      Traces consents,
      Map<String, Traces> traces,
      Publisher<Due> work,
      Pause pause) {
    this.workspace = workspace;
    this.erasures = erasures;
    this.people = people;
    this.history = history;
    this.quarantine = quarantine;
    this.members = members;
    this.timers = timers;
    this.consents = consents;
    this.traces = new TreeMap<>(traces);
    this.work = work;
    this.pause = pause;
  }

  /** Makes the visit that is due, or as much of it as fits in one go. */
  public void visit(Due due, Instant now) {
    Optional<Erasure> found = erasures.find(due.key());
    Optional<Remains> remains =
        erasures.remains(due.person()).filter(left -> left.erasure().equals(due.key()));
    if (found.isEmpty() || remains.isEmpty()) {
      // The erasure lapsed; or never began, because somebody else changed the person first, or is
      // about to begin.
      if (found.isPresent() || due.minute().isBefore(now.minus(STRAGGLERS))) {
        timers.delete(due);
      }
      return;
    }
    Erasure erasure = found.get();
    if (erasure.erasedAt() == null) {
      erase(erasure, remains.get(), due, now);
    } else if (erasure.verifiedAt() == null) {
      verify(erasure, remains.get(), due, now);
    } else {
      lapse(erasure, remains.get(), due, now);
    }
  }

  private void erase(Erasure erasure, Remains remains, Due due, Instant now) {
    clean(erasure, remains, true, due)
        .ifPresent(cleaned -> go(cleaned.erased(now), remains, now.plus(STRAGGLERS), due));
  }

  private void verify(Erasure erasure, Remains remains, Due due, Instant now) {
    Instant at = Objects.requireNonNull(erasure.erasedAt()).plus(STRAGGLERS);
    if (now.isBefore(at)) {
      go(erasure, remains, at, due);
    } else {
      clean(erasure, remains, false, due)
          .ifPresent(cleaned -> go(cleaned.verified(now), remains, cleaned.refusedUntil(), due));
    }
  }

  private void lapse(Erasure erasure, Remains remains, Due due, Instant now) {
    if (now.isBefore(erasure.refusedUntil())) {
      go(erasure, remains, erasure.refusedUntil(), due);
      return;
    }
    if (!erasure.lapsed()) {
      remains.exits().forEach(exit -> members.forget(exit.person(), exit.segment()));
    }
    Map<PersonId, Head> heads = people.read(remains.identifiers(), Freshness.CURRENT);
    Set<PersonId> ways = ways(heads.values(), remains.identifiers());
    List<Step> steps = new ArrayList<>();
    for (PersonId id : inOrder(remains.identifiers())) {
      Set<SegmentId> segments =
          heads.get(id) instanceof Absorbed retired ? retired.memberships().keySet() : Set.of();
      if (!id.equals(remains.person())) {
        steps.add(
            new Step(
                "",
                CALLS + segments.size(),
                () -> {
                  segments.forEach(segment -> members.forget(id, segment));
                  erasures.lift(Set.of(id), ways, erasure.id());
                  return 0;
                }));
      }
    }
    take(steps, erasure.over(), due)
        .ifPresent(
            over -> {
              erasures.save(over);
              // Last, for without it nobody knows what remains.
              erasures.lift(Set.of(remains.person()), ways, erasure.id());
              timers.delete(due);
            });
  }

  /**
   * The ids by way of which somebody else is found: those whose trail leads to one who is not
   * erased, perhaps past others who are.
   */
  private static Set<PersonId> ways(Collection<Head> heads, Set<PersonId> erased) {
    Set<PersonId> ways = new HashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Head head : heads) {
        boolean leads =
            Stream.concat(head.trail().departed().values().stream(), head.trail().former().stream())
                .anyMatch(next -> !erased.contains(next) || ways.contains(next));
        more |= leads && ways.add(head.id());
      }
    }
    return ways;
  }

  /** Writes the timer of the next visit, then that it is next. */
  private void go(Erasure erasure, Remains remains, Instant next, Due due) {
    Due timer = Due.ofErasure(remains.person(), erasure.id(), next);
    timers.register(timer);
    erasures.save(erasure);
    if (!timer.equals(due)) {
      timers.delete(due);
    }
  }

  /**
   * Deletes everything but hashes.
   *
   * @param fenced whether the person's own consent stays, in the way of senders
   * @return the erasure with what was counted; empty when there is more to do than fits in one go
   */
  private Optional<Erasure> clean(Erasure erasure, Remains remains, boolean fenced, Due due) {
    if (erasure.done() == 0) {
      erasures.refuse(remains.identifiers(), erasure.id());
      members.apply(remains.exits());
      if (remains.nextDue() != null) {
        timers.delete(Due.ofPerson(remains.person(), remains.nextDue()));
      }
    }
    List<Step> steps = new ArrayList<>();
    for (PersonId neighbour : inOrder(remains.neighbours())) {
      steps.add(new Step("neighbours", () -> part(neighbour, remains.identifiers())));
    }
    for (PersonId device : inOrder(remains.devices())) {
      steps.add(new Step("consents", () -> consents.forget(device)));
    }
    for (PersonId id : inOrder(remains.identifiers())) {
      steps.add(new Step("absorbed", () -> erasures.retire(id, erasure.id()) ? 1 : 0));
      steps.add(new Step("consents", () -> forgetDevices(id)));
      if (!fenced || !id.equals(remains.person())) {
        steps.add(new Step("consents", () -> consents.forget(id)));
      }
      traces.forEach((kind, store) -> steps.add(new Step(kind, () -> store.forget(id))));
    }
    return take(steps, erasure, due);
  }

  /**
   * Takes the steps that are not done yet, as many as fit in one go.
   *
   * @return the erasure with what was counted; empty when the next message is to go on
   */
  private Optional<Erasure> take(List<Step> steps, Erasure erasure, Due due) {
    Erasure taken = erasure;
    int room = AT_ONCE;
    while (taken.done() < steps.size()) {
      if (room <= 0) {
        erasures.save(taken);
        work.publish(List.of(due));
        return Optional.empty();
      }
      Step step = steps.get(taken.done());
      int gone = step.take().getAsInt();
      room -= step.calls() + gone * CALLS_EACH;
      taken = gone == 0 ? taken.at(taken.done() + 1) : taken.counting(step.kind(), gone);
    }
    return Optional.of(taken);
  }

  private static List<PersonId> inOrder(Set<PersonId> ids) {
    return ids.stream().sorted(Comparator.comparing(PersonId::value)).toList();
  }

  /** Forgets consent of the devices that the history of that owner still names. */
  private int forgetDevices(PersonId owner) {
    Set<PersonId> devices = new HashSet<>();
    history.rewrite(
        owner,
        event -> {
          Devices.of(event, workspace).ifPresent(devices::add);
          return event;
        });
    return devices.stream().mapToInt(consents::forget).sum();
  }

  /**
   * Takes the erased out of what is kept of somebody else who has or had links to them: first out
   * of the past, while the links still tell whose it is.
   *
   * @return 1 when there was anything
   */
  private int part(PersonId neighbour, Set<PersonId> erased) {
    UnaryOperator<Event> parted =
        event -> {
          Set<Identifier> named = named(event.others(), erased);
          return named.isEmpty() ? event : event.without(named);
        };
    boolean changed = history.rewrite(neighbour, parted);
    changed |= quarantine.rewrite(neighbour, parted);
    changed |= pause.retry("a neighbour", () -> forget(neighbour, erased));
    return changed ? 1 : 0;
  }

  /** Whether there was anything to forget; empty when somebody else wrote first. */
  private Optional<Boolean> forget(PersonId neighbour, Set<PersonId> erased) {
    Optional<Person> found = people.find(neighbour);
    List<Identifier> linked = new ArrayList<>();
    found.ifPresent(
        person -> person.links().forEach(link -> linked.addAll(List.of(link.a(), link.b()))));
    Set<Identifier> named = named(linked, erased);
    if (found.isEmpty() || named.isEmpty()) {
      return Optional.of(false);
    }
    return people.save(Change.of(found.get().without(named))) instanceof Saving.Saved
        ? Optional.of(true)
        : Optional.empty();
  }

  private Set<Identifier> named(Iterable<Identifier> identifiers, Set<PersonId> erased) {
    Set<Identifier> named = new HashSet<>();
    for (Identifier identifier : identifiers) {
      if (erased.contains(identifier.hash(workspace))) {
        named.add(identifier);
      }
    }
    return named;
  }
}
