package dev.perennial.functions.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.RulesChange;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.ChangedRules;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManageRulesHandlerTest {

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final List<RulesChange> changes = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-01T09:30:00Z");
  private final ManageRulesHandler handler =
      new ManageRulesHandler(new SampleKeys(), definitions, changes::addAll, this::tick);

  /** A key that may do everything. */
  private static final class SampleKeys implements Keys {
    @Override
    public Optional<Key> find(String hash) {
      return Optional.of(new Key(hash, "sample", Key.Kind.SECRET, Set.of(Scope.READ, Scope.WRITE)));
    }

    @Override
    public void put(Key key) {
      throw new AssertionError("rules have no keys");
    }
  }

  private Instant tick() {
    now = now.plusMillis(1);
    return now;
  }

  @Test
  void whatIsShippedHoldsUntilTheTeamSaysOtherwise() {
    assertThat(body(answer("lifecycle")).text("dormantAfter")).isEqualTo("P60D");

    assertThat(answer("put-lifecycle").getStatusCode()).isEqualTo(200);

    assertThat(body(answer("lifecycle")).text("dormantAfter")).isEqualTo("P28D");
  }

  @Test
  void anEditIsToldAlsoWhenItIsSaidAgain() {
    answer("put-lifecycle");
    answer("put-lifecycle");

    Instant at = definitions.find(Kind.SETTINGS, "lifecycle").orElseThrow().at();
    RulesChange told = new RulesChange(at, null);
    assertThat(changes).containsExactly(told, told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'newFor':'P1D','activeFor':'P9D','dormantAfter':'P9D'} | /dormantAfter",
        "{'newFor':'P1M','activeFor':'P9D','dormantAfter':'P10D'} | /newFor",
        "{'newFor':'P1D','activeFor':'P9D'} | /dormantAfter",
        "{'newFor':'P1D','activeFor':'P9D','dormantAfter':'P10D','stages':{'referral':{'tag':'a'}}}"
            + " | /stages/referral",
        "{'newFor':'P1D','activeFor':'P9D','dormantAfter':'P10D','stages':{'acquisition':{'trait':'a','is':1}}}"
            + " | /stages/acquisition"
      })
  void whatCannotHoldIsRefusedWhereItStands(String document, String pointer) {
    assertRefused("put-lifecycle", document, pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'value':{'divide':[1]}} | /value/divide",
        "{'value':{'divide':[1,{'trait':'a'}]}} | /value/divide/1",
        "{'value':{'plus':[1,2],'minus':[1,2]}} | /value/minus",
        "{'value':{'event':'A','within':'P3Y'}} | /value/within",
        "{'description':'nothing'} | /value"
      })
  void aFormulaIsRefusedWhereItIsWrong(String document, String pointer) {
    assertRefused("put-trait", document, pointer);
  }

  @Test
  void aComputedTraitThatIsReferredToStays() {
    assertThat(answer("put-trait").getStatusCode()).isEqualTo(200);
    segment("full", "{\"where\":{\"computed\":\"basket\",\"gte\":3}}");

    assertThat(answer("delete-trait").getStatusCode()).isEqualTo(409);

    definitions.delete(Kind.SEGMENT, "full");
    assertThat(answer("delete-trait").getStatusCode()).isEqualTo(204);
    assertThat(answer("delete-trait").getStatusCode()).isEqualTo(404);
  }

  @Test
  void aStageAsksForTraitsThatExistAndKeepsThem() {
    String stages =
        "{'newFor':'P1D','activeFor':'P9D','dormantAfter':'P10D',"
            + "'stages':{'conversion':{'computed':'basket','gte':1}}}";
    assertRefused("put-lifecycle", stages, "/stages/conversion");

    answer("put-trait");
    assertThat(put("put-lifecycle", null, stages.replace('\'', '"')).getStatusCode())
        .isEqualTo(200);

    APIGatewayV2HTTPResponse refused = answer("delete-trait");
    assertThat(refused.getStatusCode()).isEqualTo(409);
    assertThat(body(refused).text("detail")).contains("the stage conversion");
  }

  @Test
  void anEditedTraitIsTold() {
    assertThat(body(answer("trait")).text("status")).isEqualTo("shipped");

    put("put-trait", Map.of("id", "arpu"), "{\"value\":7}");

    assertThat(changes).extracting(RulesChange::trait).containsExactly("arpu");
    assertThat(body(answer("trait")).text("status")).isEqualTo("live");
    assertThat(Json.text(body(answer("traits")))).contains("\"repurchase-rate\"", "\"value\":7");
  }

  @Test
  void whatIsShippedHoldsAgainFromAnInstantThatIsKnown() {
    Map<String, String> arpu = Map.of("id", "arpu");
    APIGatewayV2HTTPResponse shipped = answer("trait");
    put("put-trait", arpu, "{\"value\":7}");
    segment("rich", "{\"where\":{\"computed\":\"arpu\",\"gte\":3}}");
    changes.clear();

    assertThat(put("delete-trait", arpu, "").getStatusCode()).isEqualTo(204);

    Instant at = now;
    List<Definition> segments = definitions.list(Kind.SEGMENT);
    Definition edited = ChangedRules.of(definitions, segments).edited(segments.getFirst());
    assertThat(edited.status()).isEqualTo(BackfillSegment.EDITING);
    assertThat(edited.at()).isEqualTo(at);
    assertThat(body(answer("trait"))).isEqualTo(body(shipped));
    assertThat(body(answer("traits")).toString()).contains(body(shipped).get("value").toString());
    assertThat(changes).containsExactly(new RulesChange(at, "arpu"));
    // Whoever crashed before it was told says it again.
    assertThat(put("delete-trait", arpu, "").getStatusCode()).isEqualTo(204);
    assertThat(changes).containsOnly(new RulesChange(at, "arpu")).hasSize(2);
    assertThat(put("put-trait", arpu, "{\"value\":7}").getStatusCode()).isEqualTo(200);
    assertThat(body(answer("trait")).text("status")).isEqualTo("live");
  }

  @Test
  void whatWasNeverPutIsNotTakenBack() {
    assertThat(put("delete-trait", Map.of("id", "arpu"), "").getStatusCode()).isEqualTo(204);

    assertThat(changes).isEmpty();
    assertThat(definitions.catalogVersion()).isZero();
  }

  private void assertRefused(String sample, String document, String pointer) {
    APIGatewayV2HTTPResponse refused = put(sample, null, document.replace('\'', '"'));

    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(body(refused).text("pointer")).isEqualTo(pointer);
    assertThat(definitions.catalogVersion()).isZero();
  }

  private void segment(String id, String document) {
    definitions.put(Kind.SEGMENT, id, (Fields) Json.read(document), Definition.READY, now);
  }

  private APIGatewayV2HTTPResponse put(
      String sample, @Nullable Map<String, String> path, String document) {
    APIGatewayV2HTTPEvent event = envelope(sample);
    if (path != null) {
      event.setPathParameters(path);
    }
    event.setBody(document);
    return handler.handleRequest(event, new Invocation());
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(envelope(sample), new Invocation());
  }

  private static APIGatewayV2HTTPEvent envelope(String sample) {
    return Envelope.read(APIGatewayV2HTTPEvent.class, "manage-rules/" + sample + ".json");
  }

  private static Fields body(APIGatewayV2HTTPResponse response) {
    return (Fields) Json.read(response.getBody());
  }
}
