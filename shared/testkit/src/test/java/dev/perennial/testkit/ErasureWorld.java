package dev.perennial.testkit;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.erasure.ErasePerson;
import dev.perennial.domain.erasure.Erasure;
import dev.perennial.domain.erasure.Erasures;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.erasure.RequestErasure.Answer;
import dev.perennial.domain.erasure.Traces;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.Members;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.timer.Timers;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All stores that an erasure needs, and what works on them; each process may die at a call. */
final class ErasureWorld {

  static final String WORKSPACE = "test";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration REFUSED = Duration.ofDays(30);

  final InMemoryTotals totals = new InMemoryTotals();
  final InMemoryPeople people = new InMemoryPeople(WORKSPACE, totals);
  final InMemoryHistory history = new InMemoryHistory(WORKSPACE);
  final InMemoryQuarantine quarantine = new InMemoryQuarantine(WORKSPACE);
  final InMemoryConsents consents = new InMemoryConsents();
  final InMemoryErasures erasures = new InMemoryErasures(people, consents);
  final InMemoryMembers members = new InMemoryMembers();
  final InMemoryTimers timers = new InMemoryTimers();
  final InMemorySends sends = new InMemorySends(consents);
  final Deque<Due> queue = new ArrayDeque<>();
  Instant now = NOW;
  private int begun;

  RequestErasure requestErasure(Crashes crashes) {
    return new RequestErasure(
        WORKSPACE,
        crashes.around(People.class, people),
        crashes.around(Erasures.class, erasures),
        crashes.around(Timers.class, timers),
        crashes.<Due>aroundPublisher(queue::addAll),
        REFUSED,
        () -> "erasure-" + ++begun,
        _ -> {});
  }

  ErasePerson erasePerson(Crashes crashes) {
    return new ErasePerson(
        WORKSPACE,
        crashes.around(Erasures.class, erasures),
        crashes.around(People.class, people),
        crashes.around(History.class, history),
        crashes.around(Quarantine.class, quarantine),
        crashes.around(Members.class, members),
        crashes.around(Timers.class, timers),
        crashes.around(Traces.class, consents),
        Map.of(
            "historyPages",
            crashes.around(Traces.class, history),
            "quarantined",
            crashes.around(Traces.class, quarantine),
            "sends",
            crashes.around(Traces.class, sends)),
        crashes.<Due>aroundPublisher(queue::addAll),
        _ -> {});
  }

  void record(Event... events) {
    new RecordEvents(
            people,
            history,
            () -> Catalog.EMPTY,
            totals,
            _ -> {},
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> now,
            _ -> {})
        .record(List.of(List.of(events)));
  }

  Erasure erase(Identifier whom) {
    Answer answer = requestErasure(new Crashes()).erase(whom.hash(WORKSPACE), "me", now);
    Erasure erasure = ((Answer.Erasing) answer).erasure();
    work(new Crashes());
    return erasures.find(erasure.id()).orElseThrow();
  }

  /** Works off the queue, then what is due. */
  void work(Crashes crashes) {
    ErasePerson erasePerson = erasePerson(crashes);
    while (!queue.isEmpty()) {
      erasePerson.visit(queue.getFirst(), now);
      queue.removeFirst();
    }
    List<Due> due = new ArrayList<>();
    timers.forEachDue(now, due::add);
    due.stream()
        .filter(timer -> timer.kind() == Due.Kind.ERASURE)
        .forEach(timer -> erasePerson.visit(timer, now));
  }

  String everything() {
    return String.join(
        "\n",
        people.all().toString(),
        history.toString(),
        quarantine.toString(),
        consents.toString(),
        erasures.toString(),
        timers.all().toString(),
        sends.toString());
  }

  /** Says that the two links' ends are not one person. */
  void withdraw(Identifier one, Identifier other) {
    Person person = people.find(one.hash(WORKSPACE)).orElseThrow();
    String link =
        person.links().stream()
            .map(Link::key)
            .filter(key -> Set.of(key.a(), key.b()).equals(Set.of(one, other)))
            .findFirst()
            .orElseThrow()
            .id();
    new AmendIdentity(people, new InMemoryTimers(), _ -> {}, 10, () -> now, _ -> {})
        .withdraw(person.id(), link, "me");
  }

  /** Makes the visits until the identifiers may name somebody again. */
  void lapse() {
    now = now.plus(ErasePerson.STRAGGLERS).plusSeconds(120);
    work(new Crashes());
    now = now.plus(REFUSED);
    work(new Crashes());
  }

  static Event event(
      Identifier owner,
      String messageId,
      int second,
      List<Identifier> others,
      Map<String, String> traits) {
    Map<String, Value> values = new TreeMap<>();
    traits.forEach((name, text) -> values.put(name, new Value.Text(text)));
    return new Event(
        owner,
        others,
        messageId,
        EventType.IDENTIFY,
        null,
        NOW.plusSeconds(second),
        NOW.plusSeconds(second),
        Trust.SERVER,
        Fields.EMPTY,
        new Fields(values),
        Fields.EMPTY);
  }
}
