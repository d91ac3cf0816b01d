package dev.perennial.domain.profile;

import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.People.Saving;
import dev.perennial.domain.profile.Quarantine.Batch;
import dev.perennial.domain.profile.Quarantine.Kept;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Ends an owner's quarantine: what was kept aside goes the way of all events, or nowhere. First the
 * owner's facet says so, then batch by batch is published and dropped; done twice, an event is a
 * repeat like any other.
 */
public final class ReleaseQuarantine {

  /** Batches that one request deals with. */
  private static final int AT_ONCE = 100;

  private final People people;
  private final Quarantine quarantine;
  private final Publisher<Event> events;
  private final Pause pause;

  /**
   * What was done.
   *
   * @param events released or discarded now
   * @param left how many are still kept: ask again until none are
   */
  public record Released(Kept kept, long events, long left) {}

  public ReleaseQuarantine(
      People people, Quarantine quarantine, Publisher<Event> events, Pause pause) {
    this.people = people;
    this.quarantine = quarantine;
    this.events = events;
    this.pause = pause;
  }

  /**
   * Lets the kept events in, and as many more that day as any owner may send; empty when nothing is
   * kept.
   */
  public Optional<Released> release(PersonId owner, Instant now) {
    return end(owner, arrivals -> arrivals.released(now), true);
  }

  /** Forgets the kept events; empty when nothing is kept. */
  public Optional<Released> discard(PersonId owner) {
    return end(owner, Arrivals::discarded, false);
  }

  private Optional<Released> end(
      PersonId owner, UnaryOperator<Arrivals> change, boolean published) {
    Optional<Kept> found = quarantine.find(owner);
    found.ifPresent(kept -> pause.retry("the owner", () -> amended(kept, change)));
    return found.map(kept -> empty(kept, published));
  }

  private Released empty(Kept kept, boolean published) {
    List<Batch> batches = quarantine.batches(kept.id(), "", AT_ONCE);
    long done = 0;
    for (Batch batch : batches) {
      if (published) {
        events.publish(batch.events());
      }
      quarantine.drop(kept.id(), batch);
      done += batch.events().size();
    }
    if (batches.size() < AT_ONCE) {
      quarantine.find(kept.id()).filter(_ -> isEmpty(kept)).ifPresent(quarantine::close);
    }
    return new Released(kept, done, quarantine.find(kept.id()).map(Kept::events).orElse(0L));
  }

  private boolean isEmpty(Kept kept) {
    return quarantine.batches(kept.id(), "", 1).isEmpty();
  }

  /** Whether there was an owner to amend; empty when somebody else wrote first. */
  private Optional<Boolean> amended(Kept kept, UnaryOperator<Arrivals> change) {
    Optional<Person> found = people.find(kept.id());
    Facet facet = found.map(person -> person.facets().get(kept.identifier())).orElse(null);
    if (found.isEmpty() || facet == null) {
      return Optional.of(false);
    }
    Map<Identifier, Facet> facets = new HashMap<>(found.get().facets());
    facets.put(kept.identifier(), facet.with(facet.seen().arriving(change)));
    return people.save(Change.of(found.get().withFacets(facets))) instanceof Saving.Saved
        ? Optional.of(true)
        : Optional.empty();
  }
}
