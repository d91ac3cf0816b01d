package dev.perennial.testkit;

import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Population;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All people of an {@link InMemoryPeople}. */
public final class InMemoryPopulation implements Population {

  private final InMemoryPeople people;

  public InMemoryPopulation(InMemoryPeople people) {
    this.people = people;
  }

  @Override
  public Stretch walk(int shard, int shards, int limit, @Nullable String cursor) {
    List<Person> left =
        people.all().stream()
            .filter(person -> Math.floorMod(person.id().hashCode(), shards) == shard)
            .filter(person -> cursor == null || person.id().value().compareTo(cursor) > 0)
            .sorted(Comparator.comparing(Person::id))
            .toList();
    List<Person> met = left.subList(0, Math.min(limit, left.size()));
    return new Stretch(met, met.size() == left.size() ? null : met.getLast().id().value());
  }
}
