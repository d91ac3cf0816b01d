package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Population;
import dev.perennial.domain.profile.Population.Stretch;
import dev.perennial.domain.profile.Trail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every walk over all people does. */
public interface PopulationContract {

  /** Nobody yet. */
  People people();

  /** All of {@link #people()}. */
  Population population();

  private static Person person(String name) {
    Identifier identifier = new Identifier(Namespace.USER_ID, name);
    return new Person(
        identifier.hash("test"),
        0,
        Map.of(identifier, Instant.EPOCH),
        Set.of(),
        Map.of(),
        Map.of(),
        List.of(),
        null,
        null);
  }

  private static void found(People people, Person person) {
    Map<Identifier, PersonId> pointers =
        Map.of(person.identifiers().keySet().iterator().next(), person.id());
    people.save(new Change(List.of(person), List.of(), List.of(), pointers, Map.of(), 1));
  }

  private static List<Person> all(Population population, int shards, int limit) {
    List<Person> met = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      String cursor = null;
      do {
        Stretch stretch = population.walk(shard, shards, limit, cursor);
        met.addAll(stretch.people());
        cursor = stretch.cursor();
      } while (cursor != null);
    }
    return met;
  }

  @Test
  default void everybodyIsMetOnceHoweverManyShardsAndSteps() {
    People people = people();
    List<Person> founded = IntStream.range(0, 25).mapToObj(i -> person("p" + i)).toList();
    founded.forEach(person -> found(people, person));

    for (int shards : List.of(1, 4)) {
      assertThat(all(population(), shards, 3))
          .containsExactlyInAnyOrderElementsOf(
              founded.stream().map(person -> person.withVersion(1)).toList());
    }
  }

  @Test
  default void theAbsorbedAreNotMet() {
    People people = people();
    Person ann = person("ann");
    Person bob = person("bob");
    found(people, ann);
    found(people, bob);

    people.save(
        new Change(
            List.of(ann.withVersion(1)),
            List.of(new Absorbed(bob.id(), 1, ann.id(), Trail.NONE, Map.of())),
            List.of(),
            Map.of(),
            Map.of(),
            -1));

    assertThat(all(population(), 2, 100)).extracting(Person::id).containsExactly(ann.id());
  }
}
