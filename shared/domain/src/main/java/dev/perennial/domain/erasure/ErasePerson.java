package dev.perennial.domain.erasure;

import dev.perennial.domain.Publisher;
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
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Works off an erasure in three visits. The first deletes everything but hashes; the second, when
 * no function can be left that had loaded the person before, does it again; the third, when the
 * identifiers need no longer be refused, removes the hashes.
 *
 * <p>Each step may be done twice, and what is done shows in the stores, so a visit that a crash cut
 * short is simply made again: its timer stays until the visit is over, and the timer of the next is
 * written before the erasure says so.
 */
public final class ErasePerson {

  /** Longer than any function runs. */
  public static final Duration STRAGGLERS = Duration.ofHours(1);

  /** Tries at a neighbour who keeps changing. */
  private static final int ATTEMPTS = 5;

  /** Things to delete in one go; then the next message goes on. */
  private static final int AT_ONCE = 1_000;

  private final String workspace;
  private final Erasures erasures;
  private final People people;
  private final History history;
  private final Members members;
  private final Timers timers;
  private final Traces consents;
  private final Map<String, Traces> traces;
  private final Publisher<Due> work;

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
      Members members,
      Timers timers,
      Traces consents,
      Map<String, Traces> traces,
      Publisher<Due> work) {
    this.workspace = workspace;
    this.erasures = erasures;
    this.people = people;
    this.history = history;
    this.members = members;
    this.timers = timers;
    this.consents = consents;
    this.traces = new TreeMap<>(traces);
    this.work = work;
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
    clean(erasure, remains, remains.identifiers(), due)
        .ifPresent(cleaned -> go(cleaned.erased(now), remains, now.plus(STRAGGLERS), due));
  }

  private void verify(Erasure erasure, Remains remains, Due due, Instant now) {
    Instant at = Objects.requireNonNull(erasure.erasedAt()).plus(STRAGGLERS);
    if (now.isBefore(at)) {
      go(erasure, remains, at, due);
    } else {
      clean(erasure, remains, Set.of(), due)
          .ifPresent(cleaned -> go(cleaned.verified(now), remains, cleaned.refusedUntil(), due));
    }
  }

  private void lapse(Erasure erasure, Remains remains, Due due, Instant now) {
    if (now.isBefore(erasure.refusedUntil())) {
      go(erasure, remains, erasure.refusedUntil(), due);
      return;
    }
    Map<PersonId, Head> heads = people.read(remains.identifiers(), Freshness.CURRENT);
    if (!erasure.lapsed()) {
      remains.exits().forEach(exit -> members.forget(exit.person(), exit.segment()));
      for (Head head : heads.values()) {
        if (head instanceof Absorbed retired) {
          retired.memberships().keySet().forEach(id -> members.forget(retired.id(), id));
        }
      }
      erasures.save(erasure.over());
    }
    Set<PersonId> ways = ways(heads.values(), remains.identifiers());
    Set<PersonId> others = new HashSet<>(remains.identifiers());
    others.remove(remains.person());
    erasures.lift(others, ways, erasure.id());
    // Last, for without it nobody knows what remains.
    erasures.lift(Set.of(remains.person()), ways, erasure.id());
    timers.delete(due);
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
   * @param fenced ids whose consent stays, in the way of senders
   * @return the erasure with what was counted; empty when there is more to do than fits in one go
   */
  private Optional<Erasure> clean(Erasure erasure, Remains remains, Set<PersonId> fenced, Due due) {
    Erasure cleaned = erasure;
    erasures.refuse(remains.identifiers(), erasure.id());
    members.apply(remains.exits());
    if (remains.nextDue() != null) {
      timers.delete(Due.ofPerson(remains.person(), remains.nextDue()));
    }
    for (PersonId id : remains.identifiers()) {
      if (erasures.retire(id, erasure.id())) {
        cleaned = cleaned.counting("absorbed", 1);
      }
      if (!fenced.contains(id) || !id.equals(remains.person())) {
        cleaned = cleaned.counting("consents", consents.forget(id));
      }
    }
    for (PersonId neighbour : remains.neighbours()) {
      cleaned = cleaned.counting("neighbours", part(neighbour, remains.identifiers()));
    }
    int room = AT_ONCE;
    for (Map.Entry<String, Traces> store : traces.entrySet()) {
      for (PersonId id : remains.identifiers()) {
        int gone = store.getValue().forget(id);
        while (gone > 0) {
          cleaned = cleaned.counting(store.getKey(), gone);
          room -= gone;
          if (room <= 0) {
            erasures.save(cleaned);
            work.publish(List.of(due));
            return Optional.empty();
          }
          gone = store.getValue().forget(id);
        }
      }
    }
    return Optional.of(cleaned);
  }

  /**
   * Takes the erased out of what is kept of somebody else who has or had links to them: first out
   * of the past, while the links still tell whose it is.
   *
   * @return 1 when there was anything
   */
  private int part(PersonId neighbour, Set<PersonId> erased) {
    boolean changed =
        history.rewrite(
            neighbour,
            event -> {
              Set<Identifier> named = named(event.others(), erased);
              return named.isEmpty() ? event : event.without(named);
            });
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Person> found = people.find(neighbour);
      if (found.isEmpty()) {
        return changed ? 1 : 0;
      }
      Person person = found.get();
      List<Identifier> linked = new ArrayList<>();
      person.links().forEach(link -> linked.addAll(List.of(link.a(), link.b())));
      Set<Identifier> named = named(linked, erased);
      if (named.isEmpty()) {
        return changed ? 1 : 0;
      }
      if (people.save(Change.of(person.without(named))) instanceof Saving.Saved) {
        return 1;
      }
    }
    throw new IllegalStateException("others kept writing a neighbour");
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
