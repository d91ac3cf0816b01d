package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Backfill.Work;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryBackfills;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryMembers;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManageSegmentsHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private Instant now = NOW;
  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryMembers members = new InMemoryMembers();
  private final InMemoryBackfills backfills = new InMemoryBackfills();
  private final List<Work> works = new ArrayList<>();
  private final List<Scoring.Work> scorings = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final AtomicLong turns = new AtomicLong();
  private final InMemoryTotals totals = new InMemoryTotals();
  private final InMemoryPeople people = new InMemoryPeople("test", totals);
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

  @Test
  void aSegmentIsShownAsItWasPut() {
    APIGatewayV2HTTPResponse put = answer("put");

    assertThat(put.getStatusCode()).isEqualTo(200);
    assertThat(Json.text(body(put)))
        .isEqualTo(
            "{\"id\":\"big-spenders\",\"name\":\"Big spenders\",\"where\":{\"all\":["
                + "{\"event\":\"Order Completed\",\"within\":\"P90D\",\"sum\":\"total\",\"is\":"
                + "{\"gte\":100}},{\"not\":{\"trait\":\"plan\",\"is\":\"free\"}}]},\"version\":1,"
                + "\"status\":\"backfilling\",\"progress\":0,\"size\":0,"
                + "\"updatedAt\":\"2026-11-01T09:30:00Z\"}");
    assertThat(body(answer("get"))).isEqualTo(body(put));
  }

  @Test
  void puttingTheSameAgainMakesNoVersion() {
    answer("put");
    long version = definitions.catalogVersion();

    assertThat(body(answer("put")).at("version")).hasToString("Num[number=1]");
    assertThat(definitions.catalogVersion()).isEqualTo(version);
  }

  @Test
  void everybodyIsToBeEvaluatedAndProgressIsTheShareOfThoseWhoWere() {
    Backfill first = new Backfill(new SegmentId("big-spenders"), 1, false);
    totals.add(Totals.PROFILES, 300);
    answer("put");
    assertThat(works).isEqualTo(first.works());

    backfills.save(first, new Backfill.Standing(0, 1, 200, null, true), NOW);
    assertThat(body(answer("get")).get("progress")).hasToString("Num[number=0.66]");
    backfills.save(first, new Backfill.Standing(1, 1, 100, null, true), NOW);
    assertThat(body(answer("get")).get("progress")).hasToString("Num[number=0.99]");

    definitions.launch(Kind.SEGMENT, "big-spenders", 1, "backfilling", "ready");
    assertThat(body(answer("get")).get("progress")).hasToString("Num[number=1]");
    assertThat(body(answer("get")).text("status")).isEqualTo("ready");
  }

  @Test
  void whatWasPutBeforeACrashIsBackfilledWhenPutAgain() {
    answer("put");
    works.clear();

    answer("put");

    assertThat(works).hasSize(Backfill.SHARDS);
  }

  @Test
  void aNameAloneEvaluatesNobody() {
    put("quiet", "{\"name\":\"Quiet\",\"where\":{\"inactive\":\"P1D\"}}");
    definitions.launch(Kind.SEGMENT, "quiet", 1, "backfilling", "ready");
    works.clear();

    put("quiet", "{\"name\":\"Very quiet\",\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(works).isEmpty();
    assertThat(definitions.find(Kind.SEGMENT, "quiet").orElseThrow().status()).isEqualTo("ready");

    put("quiet", "{\"name\":\"Very quiet\",\"where\":{\"inactive\":\"P2D\"}}");
    assertThat(works).isEqualTo(new Backfill(new SegmentId("quiet"), 3, false).works());
    assertThat(definitions.find(Kind.SEGMENT, "quiet").orElseThrow().status()).isEqualTo("editing");
  }

  @Test
  void aListIsTakenInPartsAndWhatIsWrongWithItIsSaid() {
    assertThat(answer("import").getStatusCode()).isEqualTo(404);
    put("guests", "{\"name\":\"Guests\",\"members\":\"imported\"}");
    PersonId ada = known(new Identifier(Namespace.USER_ID, "ada"));
    PersonId bob = known(new Identifier(Namespace.EMAIL, "bob@example.com"));

    Fields answer = body(answer("import"));

    assertThat(Json.text(answer))
        .startsWith("{\"people\":2,\"unknown\":1,\"rejected\":[{\"row\":4,");
    assertThat(parts).singleElement().extracting(Part::said).isEqualTo(new Listed(true, 1, NOW, 0));
    assertThat(parts.getFirst().people()).containsExactlyInAnyOrder(ada, bob);
  }

  @Test
  void peopleArePutInByHandAndTakenOut() {
    put("guests", "{\"members\":\"imported\"}");
    PersonId ada = known(new Identifier(Namespace.USER_ID, "ada"));

    assertThat(Json.text(body(hand("{\"add\":[\"userId:ada\",\"userId:nobody\"]}"))))
        .isEqualTo("{\"people\":1,\"unknown\":1}");
    hand("{\"remove\":[\"userId:ada\"]}");

    SegmentId guests = new SegmentId("guests");
    assertThat(parts)
        .containsExactly(
            new Part(guests, new Listed(true, 1, NOW, 0), List.of(ada)),
            new Part(guests, new Listed(false, 1, NOW, 1), List.of(ada)));
    assertThat(body(hand("{\"add\":[\"userId:ada\",\"userId:null\"]}")).text("pointer"))
        .isEqualTo("/add/1");
    assertThat(hand("{}").getStatusCode()).isEqualTo(400);
    put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(hand("{\"add\":[\"userId:ada\"]}").getStatusCode()).isEqualTo(409);
  }

  @Test
  void whoWasPartedFromOthersIsPutInAlone() {
    put("guests", "{\"members\":\"imported\"}");
    Identifier ada = new Identifier(Namespace.USER_ID, "ada");
    Identifier email = new Identifier(Namespace.EMAIL, "ada@example.com");
    new RecordEvents(
            people,
            new InMemoryHistory(),
            () -> Catalog.EMPTY,
            totals,
            _ -> {},
            _ -> {},
            new InMemoryTimers(),
            10,
            () -> NOW,
            _ -> {})
        .record(
            List.of(
                List.of(
                    new Event(
                        ada,
                        List.of(email),
                        "m1",
                        EventType.IDENTIFY,
                        "",
                        NOW,
                        NOW,
                        Trust.SERVER,
                        Fields.EMPTY,
                        Fields.EMPTY,
                        Fields.EMPTY))));
    Person both = people.find(ada.hash("test")).orElseThrow();
    assertThat(both.identifiers()).containsOnlyKeys(ada, email);
    new AmendIdentity(people, new InMemoryTimers(), _ -> {}, 10, () -> NOW, _ -> {})
        .withdraw(both.id(), both.links().iterator().next().key().id(), "desk");

    hand("{\"add\":[\"email:ada@example.com\"]}");
    hand("{\"add\":[\"userId:ada\"]}");

    PersonId one = people.find(email.hash("test")).orElseThrow().id();
    PersonId other = people.find(ada.hash("test")).orElseThrow().id();
    assertThat(one).isNotEqualTo(other);
    assertThat(parts).extracting(Part::people).containsExactly(List.of(one), List.of(other));
  }

  @Test
  void aNameChangesNothingOfWhatIsMeetingEverybody() {
    put("guests", "{\"members\":\"imported\"}");
    Definition made = definitions.find(Kind.SEGMENT, "guests").orElseThrow();
    now = NOW.plusSeconds(60);

    put("guests", "{\"name\":\"Guests\",\"members\":\"imported\"}");

    Definition renamed = definitions.find(Kind.SEGMENT, "guests").orElseThrow();
    assertThat(renamed.version()).isEqualTo(2);
    assertThat(renamed.status()).isEqualTo(made.status());
    assertThat(renamed.at()).isEqualTo(made.at());
    put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(definitions.find(Kind.SEGMENT, "guests").orElseThrow().at()).isEqualTo(now);
  }

  private APIGatewayV2HTTPResponse hand(String document) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setRouteKey("POST /v1/segments/{id}/members");
    event.setPathParameters(Map.of("id", "guests"));
    event.setBody(document);
    return answer(event);
  }

  @Test
  void onlySegmentsWithoutAConditionTakeLists() {
    put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");

    assertThat(answer("import").getStatusCode()).isEqualTo(409);
    assertThat(put("guests", "{\"members\":\"guessed\"}").getStatusCode()).isEqualTo(400);
    assertThat(
            put("guests", "{\"members\":\"imported\",\"where\":{\"tag\":\"vip\"}}").getStatusCode())
        .isEqualTo(400);
  }

  private PersonId known(Identifier identifier) {
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

  @Test
  void whoAsksForScoresHasCustomersScored() {
    put("quiet", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(scorings).isEmpty();

    put("best", "{\"where\":{\"not\":{\"tier\":\"strategic\"}}}");

    assertThat(scorings).isEqualTo(new Scoring(LocalDate.of(2026, 11, 1)).works());
  }

  @Test
  void monthsAreRefusedWhereTheyStand() {
    APIGatewayV2HTTPResponse refused = answer("put-with-months");

    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(body(refused).text("pointer")).isEqualTo("/where/any/0/within");
    assertThat(definitions.catalogVersion()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"Big", "-a", "a b", "a/b", "''"})
  void anIdIsASlug(String id) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setPathParameters(Map.of("id", id));

    assertThat(answer(event).getStatusCode()).isEqualTo(400);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
    assertThat(answer("members").getStatusCode()).isEqualTo(404);
    assertThat(answer("delete").getStatusCode()).isEqualTo(404);
  }

  @Test
  void aDeletedSegmentIsGone() {
    answer("put");

    works.clear();
    assertThat(answer("delete").getStatusCode()).isEqualTo(204);
    assertThat(answer("get").getStatusCode()).isEqualTo(404);
    assertThat(works).isEqualTo(new Backfill(new SegmentId("big-spenders"), 1, true).works());
  }

  @Test
  void whoDeletesAgainLetsEverybodyGoAgain() {
    answer("put");
    // As whoever crashed in between leaves it.
    definitions.delete(Kind.SEGMENT, "big-spenders");
    works.clear();

    assertThat(answer("delete").getStatusCode()).isEqualTo(204);

    assertThat(works).isEqualTo(new Backfill(new SegmentId("big-spenders"), 1, true).works());
  }

  @Test
  void aSegmentThatIsReferredToStays() {
    answer("put");
    assertThat(put("rich", "{\"where\":{\"segment\":\"big-spenders\"}}").getStatusCode())
        .isEqualTo(200);

    assertThat(answer("delete").getStatusCode()).isEqualTo(409);

    definitions.delete(Kind.SEGMENT, "rich");
    definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"segment\":\"big-spenders\"}}"),
        "draft",
        NOW);
    assertThat(answer("delete").getStatusCode()).isEqualTo(409);
  }

  @Test
  void aReferenceLeadsToAnotherSegmentThatExists() {
    assertThat(put("a", "{\"where\":{\"segment\":\"a\"}}").getStatusCode()).isEqualTo(400);
    assertThat(put("a", "{\"where\":{\"segment\":\"b\"}}").getStatusCode()).isEqualTo(400);
    assertThat(put("b", "{\"where\":{\"inactive\":\"P1D\"}}").getStatusCode()).isEqualTo(200);
    assertThat(put("a", "{\"where\":{\"segment\":\"b\"}}").getStatusCode()).isEqualTo(200);
    assertThat(put("b", "{\"where\":{\"not\":{\"segment\":\"a\"}}}").getStatusCode())
        .isEqualTo(400);
  }

  @Test
  void listsPageById() {
    for (String id : List.of("c", "a", "b")) {
      put(id, "{\"where\":{\"inactive\":\"P1D\"}}");
    }

    Fields first = body(answer("list"));
    APIGatewayV2HTTPEvent next = envelope("list");
    next.setQueryStringParameters(Map.of("limit", "2", "cursor", first.text("cursor")));
    Fields second = body(answer(next));

    assertThat(Json.text(first)).contains("\"id\":\"a\"", "\"id\":\"b\"").doesNotContain("\"c\"");
    assertThat(Json.text(second)).contains("\"id\":\"c\"");
    assertThat(second.get("cursor")).isNull();
  }

  @Test
  void membersPage() {
    answer("put");
    for (String person : List.of("p1", "p2", "p3")) {
      members.apply(
          List.of(
              new Transition(
                  new PersonId(person), new SegmentId("big-spenders"), 1, NOW, Cause.EVENT)));
    }

    Fields first = body(answer("members"));

    assertThat(Json.text(first.get("items")))
        .contains("\"id\":\"p1\"", "\"enteredAt\":\"2026-11-01T09:30:00Z\"")
        .doesNotContain("p3");
    assertThat(first.get("cursor")).isNotNull();
    assertThat(body(answer("get")).get("size")).hasToString("Num[number=3]");
  }

  @Test
  void aMemberIsShownUnderTheIdOfTheProfile() {
    answer("put");
    Identifier first = new Identifier(Namespace.ANONYMOUS_ID, "v1");
    Person person =
        new Person(
            new PersonId("arrived-first"),
            0,
            Map.of(first, NOW, new Identifier(Namespace.USER_ID, "ada"), NOW.plusSeconds(1)),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null);
    people.save(Change.of(person));
    members.apply(
        List.of(new Transition(person.id(), new SegmentId("big-spenders"), 1, NOW, Cause.EVENT)));

    assertThat(Json.text(body(answer("members")).get("items")))
        .contains(first.hash("test").value())
        .doesNotContain("arrived-first");
  }

  @Test
  void aSegmentThatARunningJourneyRefersToStays() {
    answer("put");
    definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"segment\":\"big-spenders\"}}"),
        "draft",
        NOW);
    definitions.launch(Kind.JOURNEY, "welcome", 1, "draft", "live");
    definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"event\":\"Signed Up\"}}"),
        "live",
        NOW);

    assertThat(answer("delete").getStatusCode()).isEqualTo(409);

    definitions.changeStatus(Kind.JOURNEY, "welcome", "live", "stopped");
    assertThat(answer("delete").getStatusCode()).isEqualTo(204);
  }

  @Test
  void aTagByRuleIsASegmentThatGoesByItsName() {
    assertThat(answer("put-tag").getStatusCode()).isEqualTo(200);

    assertThat(Json.text(body(answer("tag"))))
        .startsWith("{\"id\":\"regular\",\"dimension\":\"behaviour\",")
        .contains("\"status\":\"backfilling\"", "\"version\":1");
    assertThat(works).isEqualTo(new Backfill(SegmentId.ofTag("regular"), 1, false).works());
    assertThat(Json.text(body(answer("list")))).doesNotContain("regular");
    assertThat(Json.text(body(answer("tags")))).contains("\"id\":\"regular\"");
    APIGatewayV2HTTPEvent segment = envelope("get");
    segment.setPathParameters(Map.of("id", "tag:regular"));
    assertThat(answer(segment).getStatusCode()).isEqualTo(404);
  }

  @Test
  void shippedTagsAreListedUntilTheTeamPutsItsOwn() {
    assertThat(Json.text(body(answer("tags"))))
        .contains("\"id\":\"dormant\",\"dimension\":\"lifecycle\"", "\"status\":\"shipped\"");
    assertThat(tag("delete-tag", "dormant", "").getStatusCode()).isEqualTo(409);
    assertThat(works).isEmpty();

    String document = "{\"dimension\":\"lifecycle\",\"where\":{\"inactive\":\"P9D\"}}";
    assertThat(tag("put-tag", "dormant", document).getStatusCode()).isEqualTo(200);

    assertThat(body(tag("tag", "dormant", "")).text("status")).isEqualTo("backfilling");
    assertThat(tag("delete-tag", "dormant", "").getStatusCode()).isEqualTo(204);
    assertThat(body(tag("tag", "dormant", "")).text("status")).isEqualTo("shipped");
  }

  @Test
  void aTagThatIsReferredToStays() {
    answer("put-tag");
    put("good", "{\"where\":{\"not\":{\"tag\":\"regular\"}}}");

    APIGatewayV2HTTPResponse refused = answer("delete-tag");

    assertThat(refused.getStatusCode()).isEqualTo(409);
    assertThat(body(refused).text("detail")).isEqualTo("the segment good refers to it");
    assertThat(answer("delete").getStatusCode()).isEqualTo(404);
    definitions.delete(Kind.SEGMENT, "good");
    assertThat(answer("delete-tag").getStatusCode()).isEqualTo(204);
  }

  @Test
  void aTagSaysWhatItIsAboutAndLeadsNotBackToItself() {
    String other = "{\"dimension\":\"value\",\"where\":{\"tag\":\"%s\"}}";
    assertThat(body(tag("put-tag", "a", "{\"where\":{\"tag\":\"b\"}}")).text("pointer"))
        .isEqualTo("/dimension");
    assertThat(tag("put-tag", "a", other.formatted("b")).getStatusCode()).isEqualTo(200);
    assertThat(tag("put-tag", "b", other.formatted("a")).getStatusCode()).isEqualTo(400);
    assertThat(tag("put-tag", "b", other.formatted("b")).getStatusCode()).isEqualTo(400);
    assertThat(put("s", "{\"where\":{\"computed\":\"no\",\"gt\":1}}").getStatusCode())
        .isEqualTo(400);
  }

  @Test
  void aTagIsGivenByAListToo() {
    tag("put-tag", "guest", "{\"dimension\":\"attribute\",\"members\":\"imported\"}");
    PersonId ada = known(new Identifier(Namespace.USER_ID, "ada"));
    APIGatewayV2HTTPEvent list = envelope("import");
    list.setRouteKey("POST /v1/tags/{id}/import");
    list.setPathParameters(Map.of("id", "guest"));

    assertThat(answer(list).getStatusCode()).isEqualTo(200);

    assertThat(parts)
        .containsExactly(
            new Part(SegmentId.ofTag("guest"), new Listed(true, 1, NOW, 0), List.of(ada)));
  }

  private APIGatewayV2HTTPResponse tag(String sample, String name, String document) {
    APIGatewayV2HTTPEvent event = envelope(sample);
    event.setPathParameters(Map.of("id", name));
    event.setBody(document);
    return answer(event);
  }

  private APIGatewayV2HTTPResponse put(String id, String document) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setPathParameters(Map.of("id", id));
    event.setBody(document);
    return answer(event);
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return answer(envelope(sample));
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    return handler.handleRequest(event, new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-segments/" + sample + ".json");
  }

  private static Fields body(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }
}
