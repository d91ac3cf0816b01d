package dev.perennial.domain.erasure;

import dev.perennial.domain.Pause;
import dev.perennial.domain.Publisher;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Begins to erase a person. From then on nobody finds them, nothing is sent to them and no event
 * brings them back; {@link ErasePerson} does the rest. Asked again it answers the same erasure.
 *
 * <p>First the timer is written that has the rest done even if this process dies, then the person
 * is replaced.
 */
public final class RequestErasure {

  /** When the timer fires whose work the queue should have done long before. */
  private static final Duration FALLBACK = Duration.ofMinutes(2);

  private final String workspace;
  private final People people;
  private final Erasures erasures;
  private final Timers timers;
  private final Publisher<Due> work;
  private final Duration refusedFor;
  private final Supplier<String> ids;
  private final Pause pause;

  /** What came of a request. */
  public sealed interface Answer {
    record Erasing(Erasure erasure) implements Answer {}

    /** There is no such person. */
    record Nobody() implements Answer {}
  }

  /**
   * @param refusedFor how long the identifiers stay refused
   * @param ids gives each erasure an id that nothing can be told from
   */
  public RequestErasure(
      String workspace,
      People people,
      Erasures erasures,
      Timers timers,
      Publisher<Due> work,
      Duration refusedFor,
      Supplier<String> ids,
      Pause pause) {
    this.workspace = workspace;
    this.people = people;
    this.erasures = erasures;
    this.timers = timers;
    this.work = work;
    this.refusedFor = refusedFor;
    this.ids = ids;
    this.pause = pause;
  }

  /**
   * Erases the person of that id.
   *
   * @param by name of the key that asks
   * @throws dev.perennial.domain.Contended when others keep changing the person
   */
  public Answer erase(PersonId id, String by, Instant now) {
    return pause.retry("the person", () -> begin(id, by, now));
  }

  /** Empty when somebody else wrote first, who may have erased the person too, or has yet to. */
  private Optional<Answer> begin(PersonId id, String by, Instant now) {
    Optional<Person> found = people.find(id);
    if (found.isEmpty()) {
      return Optional.of(
          erasures.of(id).<Answer>map(Answer.Erasing::new).orElseGet(Answer.Nobody::new));
    }
    Person person = found.get();
    if (person.unsettled()) {
      return Optional.empty(); // Some of them are somebody else, and about to part.
    }
    String erasureId = ids.get();
    Remains remains = Remains.of(person, erasureId, workspace, now);
    Erasure erasure =
        Erasure.requested(erasureId, by, now, now.plus(refusedFor), person.identifiers().size());
    Due timer = Due.ofErasure(person.id(), erasureId, now.plus(FALLBACK));
    timers.register(timer);
    if (!erasures.begin(person, remains, erasure)) {
      return Optional.empty();
    }
    work.publish(List.of(timer));
    return Optional.of(new Answer.Erasing(erasure));
  }
}
