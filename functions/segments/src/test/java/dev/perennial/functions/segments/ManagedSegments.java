package dev.perennial.functions.segments;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryBackfills;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Segments that somebody with every right manages, and what others are told of them. */
final class ManagedSegments {

  static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  Instant now = NOW;
  final InMemoryDefinitions definitions = new InMemoryDefinitions();
  final InMemoryMembers members = new InMemoryMembers();
  final InMemoryBackfills backfills = new InMemoryBackfills();
  final List<Work> works = new ArrayList<>();
  final List<Scoring.Work> scorings = new ArrayList<>();
  final List<Part> parts = new ArrayList<>();
  private final AtomicLong turns = new AtomicLong();
  final InMemoryTotals totals = new InMemoryTotals();
  final InMemoryPeople people = new InMemoryPeople("test", totals);
  private final ManageSegmentsHandler handler =
      new ManageSegmentsHandler(
          new SampleKeys(),
          definitions,
          members,
          backfills,
          works::addAll,
          parts::addAll,
          scorings::addAll,
          people,
          totals,
          "test",
          () -> now,
          turns::getAndIncrement);

  /** A key that may do everything. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.READ, Scope.WRITE)));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("segments have no keys");
    }
  }

  PersonId known(Identifier identifier) {
    Person person =
        new Person(
            identifier.hash("test"),
            0,
            Map.of(identifier, NOW),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);
    people.save(
        new Change(
            List.of(person), List.of(), List.of(), Map.of(identifier, person.id()), Map.of(), 1));
    return person.id();
  }

  APIGatewayV2HTTPResponse tag(String sample, String name, String document) {
    APIGatewayV2HTTPEvent event = envelope(sample);
    event.setPathParameters(Map.of("id", name));
    event.setBody(document);
    return answer(event);
  }

  APIGatewayV2HTTPResponse put(String id, String document) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setPathParameters(Map.of("id", id));
    event.setBody(document);
    return answer(event);
  }

  APIGatewayV2HTTPResponse answer(String sample) {
    return answer(envelope(sample));
  }

  APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    return handler.handleRequest(event, new Invocation());
  }

  static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-segments/" + sample + ".json");
  }

  static Fields body(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }
}
