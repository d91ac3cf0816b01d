package dev.perennial.functions.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollment;
import dev.perennial.domain.journey.Journey;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.JourneyCodec;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryEnrollments;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManageJourneysHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryEnrollments enrollments = new InMemoryEnrollments();
  private final ManageJourneysHandler handler =
      new ManageJourneysHandler(new SampleKeys(), definitions, enrollments, () -> NOW);

  /** A key that may do everything. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.values())));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("journeys have no keys");
    }
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(
        Envelope.read(APIGatewayV2HTTPEvent.class, "manage-journeys/" + sample + ".json"),
        new Invocation());
  }

  private static Fields body(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }

  private void say(String... contents) {
    for (String content : contents) {
      definitions.put(Kind.CONTENT, content, Fields.EMPTY, "ready", NOW);
    }
  }

  @Test
  void aJourneyIsADraftUntilItIsLaunched() {
    say("welcome", "tips");

    Fields draft = body(answer("put"));
    assertThat(draft.text("status")).isEqualTo("draft");
    assertThat(draft.get("version")).isEqualTo(Num.of(1));
    assertThat(draft.get("launchedVersion")).isNull();
    Fields live = body(answer("launch"));

    assertThat(live.text("status")).isEqualTo("live");
    assertThat(live.get("launchedVersion")).isEqualTo(Num.of(1));
    assertThat(body(answer("get"))).isEqualTo(live);
    assertThat(((Items) body(answer("list")).get("items")).items()).containsExactly(live);
  }

  @Test
  void aPutLeavesALiveJourneyLiveWithTheLaunchedVersion() {
    say("welcome", "tips");
    answer("put");
    answer("launch");
    definitions.put(Kind.JOURNEY, "welcome", Fields.EMPTY, "live", NOW);

    Fields put = body(answer("put"));

    assertThat(put.text("status")).isEqualTo("live");
    assertThat(put.get("version")).isEqualTo(Num.of(3));
    assertThat(put.get("launchedVersion")).isEqualTo(Num.of(1));
    assertThat(body(answer("launch")).get("launchedVersion")).isEqualTo(Num.of(3));
  }

  @Test
  void whatIsLaunchedMustHaveItsContent() {
    say("welcome");
    answer("put");

    APIGatewayV2HTTPResponse response = answer("launch");

    assertThat(response.getStatusCode()).isEqualTo(409);
    assertThat(body(response).text("pointer")).isEqualTo("/steps/2/send/content");
    assertThat(body(answer("get")).text("status")).isEqualTo("draft");
  }

  @ParameterizedTest
  @ValueSource(strings = {"segment", "tag"})
  void whatIsLaunchedMustHaveTheSegmentOrTagThatStartsIt(String kind) {
    say("welcome", "tips");
    answer("put");
    Map<String, Value> document =
        new HashMap<>(definitions.find(Kind.JOURNEY, "welcome").orElseThrow().document().fields());
    document.put("trigger", Json.read("{\"%s\":\"dormant\"}".formatted(kind)));
    definitions.put(Kind.JOURNEY, "welcome", new Fields(document), "draft", NOW);

    APIGatewayV2HTTPResponse response = answer("launch");

    assertThat(response.getStatusCode()).isEqualTo(409);
    assertThat(body(response).text("detail")).isEqualTo("nobody put the " + kind + " dormant");
    assertThat(body(response).text("pointer")).isEqualTo("/trigger/" + kind);
  }

  @ParameterizedTest
  @CsvSource({
    "launch pause, 200, paused",
    "launch pause pause, 200, paused",
    "launch pause resume, 200, live",
    "launch stop, 200, stopped",
    "launch pause stop, 200, stopped",
    "launch stop launch, 200, live",
    "launch stop resume, 409, stopped",
    "pause, 409, draft",
    "stop, 409, draft",
  })
  void movesBetweenItsStatuses(String calls, int last, String status) {
    say("welcome", "tips");
    answer("put");

    int code = 0;
    for (String call : calls.split(" ", -1)) {
      code = answer(call).getStatusCode();
    }

    assertThat(code).isEqualTo(last);
    assertThat(body(answer("get")).text("status")).isEqualTo(status);
  }

  @Test
  void namesWhatIsWrong() {
    APIGatewayV2HTTPResponse response = answer("put-with-bad-wait");

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(body(response).text("pointer")).isEqualTo("/steps/1/wait");
  }

  @Test
  void theDeletedIsGone() {
    answer("put");

    assertThat(answer("delete").getStatusCode()).isEqualTo(204);
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
    assertThat(answer("launch").getStatusCode()).isEqualTo(404);
  }

  @Test
  void listsWhoIsIn() {
    answer("put");
    Fields document = definitions.find(Kind.JOURNEY, "welcome").orElseThrow().document();
    for (int i = 1; i <= 3; i++) {
      Event event = Samples.event(new Identifier(Namespace.USER_ID, "42"), "m" + i);
      PersonId id = new PersonId("p" + i);
      enrollments.create(
          Enrollment.begin(
              withoutRule(document),
              new Trigger.OfEvent(id, event),
              Samples.people("main", id).find(id).orElseThrow(),
              NOW.plusSeconds(i)));
    }

    Fields page = body(answer("enrollments"));

    assertThat(((Items) page.get("items")).items()).hasSize(2);
    Fields newest = (Fields) ((Items) page.get("items")).items().getFirst();
    assertThat(newest.text("profileId")).isEqualTo("p3");
    assertThat(newest.text("status")).isEqualTo("waiting");
    assertThat(newest.get("step")).isEqualTo(Num.of(1));
    assertThat(newest.text("due")).isEqualTo("2026-11-04T09:30:03Z");
    assertThat(page.text("cursor")).isNotNull();
  }

  private static Journey withoutRule(Fields document) {
    Map<String, Value> fields = new HashMap<>(document.fields());
    fields.put("reentry", new Text("always"));
    return JourneyCodec.read("welcome", 1, new Fields(fields));
  }
}
