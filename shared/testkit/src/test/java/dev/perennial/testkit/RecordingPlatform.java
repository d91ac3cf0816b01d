package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Located;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Counters;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A platform that records what happened to Ann and Bob, and keeps what it told others. */
final class RecordingPlatform {

  static final String WORKSPACE = "test";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");
  static final Identifier BOB = new Identifier(Namespace.USER_ID, "bob");
  static final Identifier TABLET = new Identifier(Namespace.DEVICE_ID, "tablet");

  final InMemoryTotals totals = new InMemoryTotals();
  final Contended people = new Contended(new InMemoryPeople(WORKSPACE, totals));
  final InMemoryTimers timers = new InMemoryTimers();
  final List<ProfileChange> changes = new ArrayList<>();
  final List<Trigger> triggers = new ArrayList<>();
  final List<Integer> pauses = new ArrayList<>();
  final RecordEvents recordEvents = recordEvents(changes::addAll);

  RecordEvents recordEvents(Publisher<ProfileChange> publisher) {
    return recordEvents(people, publisher);
  }

  RecordEvents recordEvents(People store, Publisher<ProfileChange> publisher) {
    return new RecordEvents(
        store,
        new InMemoryHistory(),
        () -> new Catalog(1, Counters.NONE, Set.of("Pinged")),
        totals,
        publisher,
        triggers::addAll,
        timers,
        10,
        () -> NOW,
        pauses::add);
  }

  void record(Event event) {
    assertThat(recordEvents.record(List.of(List.of(event)))).isEmpty();
  }

  Person person(Identifier identifier) {
    return people.find(identifier.hash(WORKSPACE)).orElseThrow();
  }

  static Event event(Identifier owner, String id, long second, Identifier... others) {
    return event(owner, id, second, EventType.TRACK, Fields.EMPTY, others);
  }

  static Event identify(String id, long second, Fields traits) {
    return event(ANN, id, second, EventType.IDENTIFY, traits);
  }

  static Event event(
      Identifier owner,
      String id,
      long second,
      EventType type,
      Fields traits,
      Identifier... others) {
    return new Event(
        owner,
        List.of(others),
        id,
        type,
        type == EventType.TRACK ? "Pinged" : null,
        NOW.minusSeconds(3600).plusSeconds(second),
        NOW,
        Trust.CLIENT,
        Fields.EMPTY,
        traits,
        new Fields(Map.of("timezone", new Value.Text("Europe/Berlin"))));
  }

  /** A store in which somebody else always comes first, for a number of writes. */
  static final class Contended implements People {

    private final People people;
    int refusals;
    int writes;
    int writesUntilFailure = Integer.MAX_VALUE;

    Contended(People people) {
      this.people = people;
    }

    @Override
    public Located locate(Collection<Identifier> identifiers, Freshness freshness) {
      return people.locate(identifiers, freshness);
    }

    @Override
    public String workspace() {
      return people.workspace();
    }

    @Override
    public Optional<PersonId> locate(PersonId hash) {
      return people.locate(hash);
    }

    @Override
    public Map<PersonId, Head> read(Collection<PersonId> ids, Freshness freshness) {
      return people.read(ids, freshness);
    }

    @Override
    public Optional<Head> read(PersonId id) {
      return people.read(id);
    }

    @Override
    public Saving save(Change change) {
      if (refusals > 0) {
        refusals--;
        return new Saving.Contended();
      }
      if (writesUntilFailure == 0) {
        throw new IllegalStateException("throttled");
      }
      writesUntilFailure--;
      writes++;
      return people.save(change);
    }
  }
}
