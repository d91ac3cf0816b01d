package dev.perennial.functions.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.Digest;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.erasure.ErasePerson;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.DueCodec;
import dev.perennial.json.Json;
import dev.perennial.json.JsonObject;
import dev.perennial.lambda.Authorizer;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryEnrollments;
import dev.perennial.testkit.InMemoryErasures;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagePrivacyHandlerTest {

  private static final Identifier BOT = new Identifier(Namespace.USER_ID, "bot");

  private final Stores stores = new Stores();
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemoryErasures erasures = new InMemoryErasures(stores.people, consents);
  private final InMemoryTimers timers = new InMemoryTimers();
  private final InMemorySends sends = new InMemorySends(consents);
  private final List<Due> work = new ArrayList<>();
  private final List<Event> replayed = new ArrayList<>();
  private final ManagePrivacyHandler handler =
      new ManagePrivacyHandler(
          new ManagePrivacyHandler.Stores(
              new SampleKeys(),
              erasures,
              stores.people,
              stores.showProfile(consents),
              consents,
              new InMemoryEnrollments(),
              sends,
              stores.history,
              stores.quarantine,
              10),
          new RequestErasure(
              Stores.WORKSPACE,
              stores.people,
              erasures,
              timers,
              work::addAll,
              Duration.ofDays(30),
              () -> Digest.of("erasure"),
              _ -> {}),
          replayed::addAll,
          _ -> {},
          Stores.WORKSPACE,
          () -> Stores.NOW);

  @BeforeEach
  void recordEvents() {
    new RecordEventsHandler(stores.recordEvents())
        .handleRequest(
            Envelope.read(SQSEvent.class, "record-events/two-people.json"), new Invocation());
  }

  @Test
  void anErasureIsAcceptedWorkedOffAndShown() {
    APIGatewayV2HTTPResponse accepted = handle(envelope("delete"));
    assertThat(accepted.getStatusCode()).isEqualTo(202);
    String id = object(accepted).required("id").text();
    assertThat(handle(envelope("export")).getStatusCode()).isEqualTo(404);

    SQSEvent visit = Envelope.read(SQSEvent.class, "erase-person/visit.json");
    visit.getRecords().getFirst().setBody(DueCodec.writeMessage(work.getFirst()));
    erasePerson().handleRequest(visit, new Invocation());

    APIGatewayV2HTTPEvent question = envelope("erasure");
    question.setPathParameters(Map.of("id", id));
    JsonObject erasure = object(handle(question));
    assertThat(erasure.required("state").text()).isEqualTo("erased");
    assertThat(erasure.required("by").text()).isEqualTo("sample");
    assertThat(erasure.required("refusedUntil").text()).isEqualTo("2026-12-01T10:00:00Z");
    assertThat(object(handle(envelope("delete"))).required("id").text()).isEqualTo(id);
  }

  @Test
  void aVisitToNobodyIsNoFailure() {
    assertThat(
            erasePerson()
                .handleRequest(
                    Envelope.read(SQSEvent.class, "erase-person/visit.json"), new Invocation())
                .getBatchItemFailures())
        .isEmpty();
  }

  @Test
  void nobodyIsNotFound() {
    for (String sample : List.of("delete", "export", "erasure", "release")) {
      APIGatewayV2HTTPEvent event = envelope(sample);
      event.setPathParameters(Map.of("id", "a".repeat(26)));
      assertThat(handle(event).getStatusCode()).as(sample).isEqualTo(404);
    }
  }

  @Test
  void anExportHasEverything() {
    JsonObject export = object(handle(envelope("export")));

    assertThat(export.required("identifiers").list()).hasSize(3);
    assertThat(export.required("links").list()).isNotEmpty();
    assertThat(export.required("traits").object().required("plan").text()).isEqualTo("pro");
    assertThat(export.required("events").list())
        .extracting(event -> event.object().required("messageId").text())
        .containsExactly("m-1", "m-2");
    assertThat(export.optional("cursor")).isEmpty();
  }

  @Test
  void aLongHistoryIsExportedInPartsThatGoOn() {
    Identifier owner = new Identifier(Namespace.USER_ID, "long");
    List<String> expected = new ArrayList<>();
    for (int batch = 0; batch < 60; batch++) {
      List<Event> events = new ArrayList<>();
      for (int n = 0; n < 9; n++) {
        String id = "m" + batch + "-" + n;
        expected.add(id);
        events.add(long10k(owner, id));
      }
      stores.recordEvents().record(List.of(events));
    }

    List<String> exported = new ArrayList<>();
    int answers = 0;
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      APIGatewayV2HTTPEvent event = envelope("export");
      event.setPathParameters(Map.of("id", owner.hash(Stores.WORKSPACE).value()));
      event.setQueryStringParameters(new HashMap<>(Map.of("cursor", cursor.get())));
      APIGatewayV2HTTPResponse response = handle(event);
      assertThat(response.getBody().length()).isLessThan(5_000_000);
      JsonObject part = object(response);
      part.required("events")
          .list()
          .forEach(one -> exported.add(one.object().required("messageId").text()));
      cursor = part.optional("cursor").map(node -> node.text());
      answers++;
    }

    assertThat(answers).isGreaterThan(1);
    assertThat(exported).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aCursorThatNobodyGaveOutIsInvalid() {
    String id = envelope("export").getPathParameters().get("id");
    Person person = stores.people.find(new PersonId(id)).orElseThrow();
    List<String> cursors = new ArrayList<>(List.of("!", "QSBi", "RVZFTlRTIGI"));
    for (Identifier owner : person.facets().keySet()) {
      String noPage = "EVENTS " + owner.hash(Stores.WORKSPACE) + " x";
      cursors.add(Base64.getUrlEncoder().encodeToString(noPage.getBytes(UTF_8)));
    }
    for (String cursor : cursors) {
      APIGatewayV2HTTPEvent event = envelope("export");
      event.setQueryStringParameters(new HashMap<>(Map.of("cursor", cursor)));
      assertThat(handle(event).getStatusCode()).as(cursor).isEqualTo(400);
    }
  }

  @Test
  void whatIsKeptAsideIsListedAndReleased() {
    stores.quarantine.keep(BOT, List.of(Samples.event(BOT, "m1")), Stores.NOW, Stores.NOW);

    JsonObject kept =
        object(handle(envelope("quarantine"))).required("items").list().getFirst().object();
    assertThat(kept.required("identifier").text()).isEqualTo("userId:bot");
    APIGatewayV2HTTPEvent release = envelope("release");
    release.setPathParameters(Map.of("id", kept.required("id").text()));

    assertThat(handle(release).getBody())
        .isEqualTo("{\"identifier\":\"userId:bot\",\"events\":1,\"left\":0}");
    assertThat(replayed).containsExactly(Samples.event(BOT, "m1"));
    assertThat(handle(release).getStatusCode()).isEqualTo(404);
  }

  @Test
  void whatIsDiscardedIsNotReplayed() {
    stores.quarantine.keep(BOT, List.of(Samples.event(BOT, "m1")), Stores.NOW, Stores.NOW);
    APIGatewayV2HTTPEvent discard = envelope("discard");
    discard.setPathParameters(Map.of("id", BOT.hash(Stores.WORKSPACE).value()));

    assertThat(object(handle(discard)).required("events").integer(1, 1)).isEqualTo(1);
    assertThat(replayed).isEmpty();
    assertThat(stores.quarantine.list(10, null).items()).isEmpty();
  }

  private static Event long10k(Identifier owner, String messageId) {
    Event event = Samples.event(owner, messageId);
    return new Event(
        owner,
        event.others(),
        messageId,
        event.type(),
        event.name(),
        event.timestamp(),
        event.receivedAt(),
        event.trust(),
        new Fields(Map.of("text", new Text("x".repeat(10_000)))),
        event.traits(),
        event.context());
  }

  private ErasePersonHandler erasePerson() {
    return new ErasePersonHandler(
        new ErasePerson(
            Stores.WORKSPACE,
            erasures,
            stores.people,
            stores.history,
            stores.quarantine,
            new InMemoryMembers(),
            timers,
            consents,
            Map.of("sends", sends),
            work::addAll,
            _ -> {}),
        () -> Stores.NOW);
  }

  private APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event) {
    return handler.handleRequest(event, new Invocation());
  }

  private static JsonObject object(APIGatewayV2HTTPResponse response) {
    assertThat(response.getStatusCode()).as(response.getBody()).isLessThan(300);
    return JsonObject.root(Json.readOwn(response.getBody()));
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-privacy/" + sample + ".json");
  }

  static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      Key key =
          new Key(
              Authorizer.hash("sk_local"), "sample", Kind.SECRET, Set.of(Scope.READ, Scope.ADMIN));
      return Optional.of(key).filter(known -> known.hash().equals(hash));
    }

    @Override
    public void put(Key key) {
      throw new UnsupportedOperationException("no test adds keys");
    }
  }
}
