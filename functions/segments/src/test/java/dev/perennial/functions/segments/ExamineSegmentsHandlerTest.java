package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.segment.PreviewSegment;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryPopulation;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExamineSegmentsHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemoryPeople people = new InMemoryPeople("test", totals);
  private final ExamineSegmentsHandler handler =
      new ExamineSegmentsHandler(
          new SampleKeys(),
          definitions,
          new PreviewSegment(
              new InMemoryPopulation(people),
              new InMemoryHistory(),
              new InMemoryConsents(),
              "test"),
          people,
          totals,
          "test",
          () -> NOW);

  /** A key that may read. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.READ)));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("nothing is stored");
    }
  }

  ExamineSegmentsHandlerTest() {
    Identifier identifier = new Identifier(Namespace.USER_ID, "u0");
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
  }

  @Test
  void previewsWhatIsNotSaved() {
    APIGatewayV2HTTPResponse answer = answer("preview");

    assertThat(answer.getBody())
        .isEqualTo("{\"sampled\":1,\"matched\":0,\"profiles\":1,\"estimate\":0,\"exact\":true}");
    assertThat(definitions.list(Kind.SEGMENT)).isEmpty();
  }

  @Test
  void explainsOnePersonsAnswer() {
    assertThat(answer("explain").getStatusCode()).isEqualTo(404);
    definitions.put(
        Kind.SEGMENT,
        "pros",
        (Fields) Json.read("{\"where\":{\"not\":{\"trait\":\"plan\",\"is\":\"pro\"}}}"),
        "ready",
        NOW);

    assertThat(answer("explain").getBody())
        .isEqualTo(
            "{\"form\":\"segment\",\"holds\":true,\"decided\":true,\"parts\":["
                + "{\"form\":\"not\",\"holds\":true,\"decided\":true,\"parts\":["
                + "{\"condition\":{\"trait\":\"plan\",\"is\":\"pro\"},"
                + "\"holds\":false,\"decided\":true}]}]}");
    APIGatewayV2HTTPEvent byId = envelope("explain");
    String id = people.all().getFirst().id().value();
    byId.setQueryStringParameters(Map.of("profile", id));
    assertThat(answer(byId).getBody()).isEqualTo(answer("explain").getBody());
    byId.setQueryStringParameters(Map.of("profile", id.replace(id.charAt(0), '#')));
    assertThat(answer(byId).getStatusCode()).isEqualTo(404);
  }

  @Test
  void explainsTagsThatAreShippedOrPut() {
    assertThat(answer("explain-tag").getBody())
        .isEqualTo(
            "{\"form\":\"segment\",\"holds\":true,\"decided\":true,\"parts\":["
                + "{\"condition\":{\"lifecycle\":\"new\"},\"holds\":true,\"decided\":true,"
                + "\"found\":\"new\"}]}");
    definitions.put(
        Kind.SEGMENT,
        "tag:new",
        (Fields) Json.read("{\"dimension\":\"value\",\"where\":{\"stage\":\"referral\"}}"),
        "ready",
        NOW);
    assertThat(answer("explain-tag").getBody())
        .startsWith("{\"form\":\"segment\",\"holds\":false,")
        .contains("{\"form\":\"stage\"", "\"event\":\"Referral Completed\"");
    APIGatewayV2HTTPEvent event = envelope("explain-tag");
    event.setPathParameters(Map.of("id", "nothing"));
    assertThat(answer(event).getStatusCode()).isEqualTo(404);
  }

  @Test
  void nobodyIsExplainedToNobody() {
    definitions.put(
        Kind.SEGMENT,
        "pros",
        (Fields) Json.read("{\"where\":{\"trait\":\"plan\",\"is\":\"pro\"}}"),
        "ready",
        NOW);
    APIGatewayV2HTTPEvent event = envelope("explain");
    event.setQueryStringParameters(Map.of("identifier", "userId:nobody-yet"));
    assertThat(answer(event).getStatusCode()).isEqualTo(404);
    event.setQueryStringParameters(Map.of("identifier", "userId:undefined"));
    assertThat(answer(event).getStatusCode()).isEqualTo(400);
    event.setQueryStringParameters(Map.of());
    assertThat(answer(event).getStatusCode()).isEqualTo(400);
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return answer(envelope(sample));
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    return handler.handleRequest(event, new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "examine-segments/" + sample + ".json");
  }
}
