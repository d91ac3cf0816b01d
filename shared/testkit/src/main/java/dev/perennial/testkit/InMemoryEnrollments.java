package dev.perennial.testkit;

import dev.perennial.domain.Page;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Enrollment.Status;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.journey.Journey.Reentry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enrollments of a test. */
public final class InMemoryEnrollments implements Enrollments, Traces {

  private final Map<Key, Enrollment> stored = new LinkedHashMap<>();

  private record Key(PersonId person, String journey, String occurrence) {
    static Key of(Enrollment enrollment) {
      return new Key(enrollment.person(), enrollment.journey(), enrollment.occurrence());
    }
  }

  @Override
  public synchronized Optional<Enrollment> find(
      PersonId person, String journey, String occurrence) {
    return Optional.ofNullable(stored.get(new Key(person, journey, occurrence)));
  }

  @Override
  public synchronized List<Enrollment> begunBy(PersonId person, String occurrence) {
    return stored.values().stream()
        .filter(known -> known.person().equals(person) && known.occurrence().equals(occurrence))
        .toList();
  }

  @Override
  public synchronized boolean admits(Enrollment enrollment, Set<PersonId> others) {
    boolean repeated =
        others.stream()
            .anyMatch(id -> find(id, enrollment.journey(), enrollment.occurrence()).isPresent());
    if (repeated) {
      return false;
    }
    Set<PersonId> ids = new HashSet<>(others);
    ids.add(enrollment.person());
    return switch (enrollment.reentry()) {
      case ALWAYS -> true;
      case ONCE ->
          stored.values().stream().noneMatch(known -> sameWay(known, enrollment.journey(), ids));
      case AFTER_EXIT ->
          stored.values().stream()
              .noneMatch(
                  known ->
                      sameWay(known, enrollment.journey(), ids)
                          && known.reentry() == Reentry.AFTER_EXIT
                          && known.status() == Status.WAITING);
    };
  }

  @Override
  public synchronized Creation create(Enrollment enrollment) {
    if (stored.containsKey(Key.of(enrollment))) {
      return Creation.REPEATED;
    }
    if (!admits(enrollment)) {
      return Creation.REFUSED;
    }
    stored.put(Key.of(enrollment), enrollment.stored());
    return Creation.CREATED;
  }

  @Override
  public synchronized boolean save(Enrollment enrollment) {
    Enrollment known = stored.get(Key.of(enrollment));
    if (known == null || known.revision() != enrollment.revision()) {
      return false;
    }
    stored.put(Key.of(enrollment), enrollment.stored());
    return true;
  }

  @Override
  public synchronized Page<Enrollment> ofJourney(
      String journey, int limit, @Nullable String cursor) {
    List<Enrollment> all =
        new ArrayList<>(
            stored.values().stream().filter(known -> known.journey().equals(journey)).toList());
    all.sort((one, other) -> other.enteredAt().compareTo(one.enteredAt()));
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    int to = Math.min(all.size(), from + limit);
    return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
  }

  @Override
  public synchronized List<Enrollment> ofPerson(PersonId person) {
    return stored.values().stream().filter(known -> known.person().equals(person)).toList();
  }

  @Override
  public synchronized int forget(PersonId person) {
    int before = stored.size();
    stored.keySet().removeIf(key -> key.person().equals(person));
    return before - stored.size();
  }

  @Override
  public synchronized String toString() {
    return stored.toString();
  }

  private static boolean sameWay(Enrollment known, String journey, Set<PersonId> ids) {
    return known.journey().equals(journey) && ids.contains(known.person());
  }
}
