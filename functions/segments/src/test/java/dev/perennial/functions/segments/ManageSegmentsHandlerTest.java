package dev.perennial.functions.segments;

import static dev.perennial.functions.segments.ManagedSegments.NOW;
import static dev.perennial.functions.segments.ManagedSegments.body;
import static dev.perennial.functions.segments.ManagedSegments.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Totals;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.Scoring;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.json.RulesCodec;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManageSegmentsHandlerTest {

  private final ManagedSegments segments = new ManagedSegments();

  @Test
  void aSegmentIsShownAsItWasPut() {
    APIGatewayV2HTTPResponse put = segments.answer("put");

    assertThat(put.getStatusCode()).isEqualTo(200);
    assertThat(Json.text(body(put)))
        .isEqualTo(
            "{\"id\":\"big-spenders\",\"name\":\"Big spenders\",\"where\":{\"all\":["
                + "{\"event\":\"Order Completed\",\"within\":\"P90D\",\"sum\":\"total\",\"is\":"
                + "{\"gte\":100}},{\"not\":{\"trait\":\"plan\",\"is\":\"free\"}}]},\"version\":1,"
                + "\"status\":\"backfilling\",\"progress\":0,\"size\":0,"
                + "\"updatedAt\":\"2026-11-01T09:30:00Z\"}");
    assertThat(body(segments.answer("get"))).isEqualTo(body(put));
  }

  @Test
  void puttingTheSameAgainMakesNoVersion() {
    segments.answer("put");
    long version = segments.definitions.catalogVersion();

    assertThat(body(segments.answer("put")).at("version")).hasToString("Num[number=1]");
    assertThat(segments.definitions.catalogVersion()).isEqualTo(version);
  }

  @Test
  void everybodyIsToBeEvaluatedAndProgressIsTheShareOfThoseWhoWere() {
    Backfill first = new Backfill(new SegmentId("big-spenders"), 1, false);
    segments.totals.add(Totals.PROFILES, 300);
    segments.answer("put");
    assertThat(segments.works).isEqualTo(first.works());

    segments.backfills.save(first, new Backfill.Standing(0, 1, 200, null, true), NOW);
    assertThat(body(segments.answer("get")).get("progress")).hasToString("Num[number=0.66]");
    segments.backfills.save(first, new Backfill.Standing(1, 1, 100, null, true), NOW);
    assertThat(body(segments.answer("get")).get("progress")).hasToString("Num[number=0.99]");

    segments.definitions.launch(Kind.SEGMENT, "big-spenders", 1, "backfilling", "ready");
    assertThat(body(segments.answer("get")).get("progress")).hasToString("Num[number=1]");
    assertThat(body(segments.answer("get")).text("status")).isEqualTo("ready");
  }

  @Test
  void nobodyWasMetByRulesThatAreNewer() {
    Backfill met = new Backfill(new SegmentId("good"), 1, false);
    segments.put("good", "{\"where\":{\"stage\":\"conversion\"}}");
    segments.put("others", "{\"where\":{\"event\":\"Order Completed\"}}");
    for (String id : List.of("good", "others")) {
      segments.definitions.launch(Kind.SEGMENT, id, 1, "backfilling", "ready");
    }
    segments.totals.add(Totals.PROFILES, 300);
    segments.backfills.save(met, new Backfill.Standing(0, 1, 300, null, true), NOW);
    Fields rules = RulesCodec.shipped().lifecycle();
    segments.definitions.put(Kind.SETTINGS, "lifecycle", rules, "live", NOW.plusSeconds(1));

    List<Fields> shown = List.of(shown("good"), shown("others"));

    assertThat(shown.getFirst().text("status")).isEqualTo("backfilling");
    assertThat(shown.getFirst().get("progress")).isEqualTo(Value.Num.of(0));
    assertThat(shown.getFirst().text("updatedAt")).isEqualTo("2026-11-01T09:30:01Z");
    assertThat(shown.getLast().text("status")).isEqualTo("ready");
    assertThat(body(segments.answer("list")).get("items"))
        .isEqualTo(new Value.Items(List.copyOf(shown)));
    segments.now = NOW.plusSeconds(2);
    assertThat(
            body(segments.put("good", "{\"name\":\"B\",\"where\":{\"stage\":\"conversion\"}}"))
                .text("status"))
        .isEqualTo("backfilling");
  }

  private Fields shown(String id) {
    APIGatewayV2HTTPEvent get = envelope("get");
    get.setPathParameters(Map.of("id", id));
    return body(segments.answer(get));
  }

  @Test
  void whatWasPutBeforeACrashIsBackfilledWhenPutAgain() {
    segments.answer("put");
    segments.works.clear();

    segments.answer("put");

    assertThat(segments.works).hasSize(Backfill.SHARDS);
  }

  @Test
  void aNameAloneEvaluatesNobody() {
    segments.put("quiet", "{\"name\":\"Quiet\",\"where\":{\"inactive\":\"P1D\"}}");
    segments.definitions.launch(Kind.SEGMENT, "quiet", 1, "backfilling", "ready");
    segments.works.clear();

    segments.put("quiet", "{\"name\":\"Very quiet\",\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(segments.works).isEmpty();
    assertThat(segments.definitions.find(Kind.SEGMENT, "quiet").orElseThrow().status())
        .isEqualTo("ready");

    segments.put("quiet", "{\"name\":\"Very quiet\",\"where\":{\"inactive\":\"P2D\"}}");
    assertThat(segments.works).isEqualTo(new Backfill(new SegmentId("quiet"), 3, false).works());
    assertThat(segments.definitions.find(Kind.SEGMENT, "quiet").orElseThrow().status())
        .isEqualTo("editing");
  }

  @Test
  void aNameChangesNothingOfWhatIsMeetingEverybody() {
    segments.put("guests", "{\"members\":\"imported\"}");
    Definition made = segments.definitions.find(Kind.SEGMENT, "guests").orElseThrow();
    segments.now = NOW.plusSeconds(60);

    segments.put("guests", "{\"name\":\"Guests\",\"members\":\"imported\"}");

    Definition renamed = segments.definitions.find(Kind.SEGMENT, "guests").orElseThrow();
    assertThat(renamed.version()).isEqualTo(2);
    assertThat(renamed.status()).isEqualTo(made.status());
    assertThat(renamed.at()).isEqualTo(made.at());
    segments.put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(segments.definitions.find(Kind.SEGMENT, "guests").orElseThrow().at())
        .isEqualTo(segments.now);
  }

  @Test
  void whoAsksForScoresHasCustomersScored() {
    segments.put("quiet", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(segments.scorings).isEmpty();

    segments.put("best", "{\"where\":{\"not\":{\"tier\":\"strategic\"}}}");

    assertThat(segments.scorings).isEqualTo(new Scoring(LocalDate.of(2026, 11, 1)).works());
  }

  @Test
  void monthsAreRefusedWhereTheyStand() {
    APIGatewayV2HTTPResponse refused = segments.answer("put-with-months");

    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(body(refused).text("pointer")).isEqualTo("/where/any/0/within");
    assertThat(segments.definitions.catalogVersion()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"Big", "-a", "a b", "a/b", "''"})
  void anIdIsASlug(String id) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setPathParameters(Map.of("id", id));

    assertThat(segments.answer(event).getStatusCode()).isEqualTo(400);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(segments.answer("get").getStatusCode()).isEqualTo(404);
    assertThat(segments.answer("members").getStatusCode()).isEqualTo(404);
    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(404);
  }

  @Test
  void aDeletedSegmentIsGone() {
    segments.answer("put");

    segments.works.clear();
    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(204);
    assertThat(segments.answer("get").getStatusCode()).isEqualTo(404);
    assertThat(segments.works)
        .isEqualTo(new Backfill(new SegmentId("big-spenders"), 1, true).works());
  }

  @Test
  void whoDeletesAgainLetsEverybodyGoAgain() {
    segments.answer("put");
    // As whoever crashed in between leaves it.
    segments.definitions.delete(Kind.SEGMENT, "big-spenders");
    segments.works.clear();

    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(204);

    assertThat(segments.works)
        .isEqualTo(new Backfill(new SegmentId("big-spenders"), 1, true).works());
  }

  @Test
  void listsPageById() {
    for (String id : List.of("c", "a", "b")) {
      segments.put(id, "{\"where\":{\"inactive\":\"P1D\"}}");
    }

    Fields first = body(segments.answer("list"));
    APIGatewayV2HTTPEvent next = envelope("list");
    next.setQueryStringParameters(Map.of("limit", "2", "cursor", first.text("cursor")));
    Fields second = body(segments.answer(next));

    assertThat(Json.text(first)).contains("\"id\":\"a\"", "\"id\":\"b\"").doesNotContain("\"c\"");
    assertThat(Json.text(second)).contains("\"id\":\"c\"");
    assertThat(second.get("cursor")).isNull();
  }

  @Test
  void membersPage() {
    segments.answer("put");
    for (String person : List.of("p1", "p2", "p3")) {
      segments.members.apply(
          List.of(
              new Transition(
                  new PersonId(person), new SegmentId("big-spenders"), 1, NOW, Cause.EVENT)));
    }

    Fields first = body(segments.answer("members"));

    assertThat(Json.text(first.get("items")))
        .contains("\"id\":\"p1\"", "\"enteredAt\":\"2026-11-01T09:30:00Z\"")
        .doesNotContain("p3");
    assertThat(first.get("cursor")).isNotNull();
    assertThat(body(segments.answer("get")).get("size")).hasToString("Num[number=3]");
  }

  @Test
  void aMemberIsShownUnderTheIdOfTheProfile() {
    segments.answer("put");
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
    segments.people.save(Change.of(person));
    segments.members.apply(
        List.of(new Transition(person.id(), new SegmentId("big-spenders"), 1, NOW, Cause.EVENT)));

    assertThat(Json.text(body(segments.answer("members")).get("items")))
        .contains(first.hash("test").value())
        .doesNotContain("arrived-first");
  }
}
