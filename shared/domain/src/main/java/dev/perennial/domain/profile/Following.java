package dev.perennial.domain.profile;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Freshness;
import dev.perennial.domain.profile.People.Head;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way from where somebody was to where they are now: past the people who were absorbed, along
 * the {@linkplain Trail trail} of identifiers that left.
 */
public final class Following {

  /** One search: for the person who passes the test. */
  private static final class Search {
    private final PersonId sought;
    private final Predicate<Person> arrived;
    private final Deque<PersonId> ways = new ArrayDeque<>();
    private final Set<PersonId> seen = new HashSet<>();
    private @Nullable Person found;

    Search(PersonId start, PersonId sought, Predicate<Person> arrived) {
      this.sought = sought;
      this.arrived = arrived;
      ways.add(start);
    }

    /** Goes on as far as the known heads lead; answers what to load next, null at the end. */
    @Nullable PersonId go(Map<PersonId, Optional<Head>> known) {
      while (found == null && !ways.isEmpty()) {
        PersonId at = ways.element();
        Optional<Head> head = known.get(at);
        if (head == null) {
          return at;
        }
        ways.remove();
        if (seen.add(at)) {
          head.ifPresent(this::look);
        }
      }
      return null;
    }

    private void look(Head head) {
      switch (head) {
        case Person person -> {
          if (arrived.test(person)) {
            found = person;
          } else {
            ways.addAll(person.trail().of(sought));
          }
        }
        case Absorbed absorbed -> ways.addAll(absorbed.trail().of(sought, absorbed.into()));
      }
    }
  }

  private Following() {}

  /**
   * Who has each of the identifiers, which were located before; absent where somebody is moving one
   * right now.
   */
  public static Map<Identifier, Person> owners(
      People people, Map<Identifier, PersonId> located, Freshness freshness) {
    Map<Identifier, Search> searches = new HashMap<>();
    located.forEach(
        (identifier, pointer) ->
            searches.put(
                identifier,
                new Search(
                    pointer,
                    identifier.hash(people.workspace()),
                    person -> person.identifiers().containsKey(identifier))));
    run(searches.values(), ids -> people.read(ids, freshness));
    return found(searches);
  }

  static Map<PersonId, Person> people(
      People people, Collection<PersonId> ids, Freshness freshness) {
    Map<PersonId, Search> searches = new HashMap<>();
    ids.forEach(id -> searches.put(id, search(people, id, id)));
    run(searches.values(), wanted -> people.read(wanted, freshness));
    return found(searches);
  }

  static Optional<Person> person(People people, PersonId id) {
    Search search = search(people, id, id);
    Function<Set<PersonId>, Map<PersonId, Head>> load = ids -> one(people, ids);
    run(List.of(search), load);
    if (search.found == null) {
      Optional<PersonId> pointer = people.locate(id);
      if (pointer.isEmpty()) {
        return Optional.empty();
      }
      search = search(people, pointer.get(), id);
      run(List.of(search), load);
    }
    return Optional.ofNullable(search.found);
  }

  /** Whoever lives under an id has the identifier that it is the hash of. */
  private static Search search(People people, PersonId start, PersonId hash) {
    return new Search(
        start,
        hash,
        person ->
            person.id().equals(hash)
                || person.identifiers().keySet().stream()
                    .anyMatch(identifier -> identifier.hash(people.workspace()).equals(hash)));
  }

  private static void run(
      Collection<Search> searches, Function<Set<PersonId>, Map<PersonId, Head>> load) {
    Map<PersonId, Optional<Head>> known = new HashMap<>();
    for (; ; ) {
      Set<PersonId> wanted = new HashSet<>();
      for (Search search : searches) {
        PersonId next = search.go(known);
        if (next != null) {
          wanted.add(next);
        }
      }
      if (wanted.isEmpty()) {
        return;
      }
      Map<PersonId, Head> loaded = load.apply(wanted);
      wanted.forEach(id -> known.put(id, Optional.ofNullable(loaded.get(id))));
    }
  }

  private static Map<PersonId, Head> one(People people, Set<PersonId> ids) {
    Map<PersonId, Head> heads = new HashMap<>();
    ids.forEach(id -> people.read(id).ifPresent(head -> heads.put(id, head)));
    return heads;
  }

  private static <K> Map<K, Person> found(Map<K, Search> searches) {
    Map<K, Person> found = new HashMap<>();
    searches.forEach(
        (key, search) -> {
          if (search.found != null) {
            found.put(key, search.found);
          }
        });
    return found;
  }
}
