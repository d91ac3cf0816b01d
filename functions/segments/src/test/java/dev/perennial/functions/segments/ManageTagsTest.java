package dev.perennial.functions.segments;

import static dev.perennial.functions.segments.ManagedSegments.body;
import static dev.perennial.functions.segments.ManagedSegments.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.segment.Backfill;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ManageTagsTest {

  private final ManagedSegments segments = new ManagedSegments();

  @Test
  void aTagByRuleIsASegmentThatGoesByItsName() {
    assertThat(segments.answer("put-tag").getStatusCode()).isEqualTo(200);

    assertThat(Json.text(body(segments.answer("tag"))))
        .startsWith("{\"id\":\"regular\",\"dimension\":\"behaviour\",")
        .contains("\"status\":\"backfilling\"", "\"version\":1");
    assertThat(segments.works)
        .isEqualTo(new Backfill(SegmentId.ofTag("regular"), 1, false).works());
    assertThat(Json.text(body(segments.answer("list")))).doesNotContain("regular");
    assertThat(Json.text(body(segments.answer("tags")))).contains("\"id\":\"regular\"");
    APIGatewayV2HTTPEvent segment = envelope("get");
    segment.setPathParameters(Map.of("id", "tag:regular"));
    assertThat(segments.answer(segment).getStatusCode()).isEqualTo(404);
  }

  @Test
  void shippedTagsAreListedUntilTheTeamPutsItsOwn() {
    assertThat(Json.text(body(segments.answer("tags"))))
        .contains("\"id\":\"dormant\",\"dimension\":\"lifecycle\"", "\"status\":\"shipped\"");
    assertThat(segments.tag("delete-tag", "dormant", "").getStatusCode()).isEqualTo(409);
    assertThat(segments.works).isEmpty();

    String document = "{\"dimension\":\"lifecycle\",\"where\":{\"inactive\":\"P9D\"}}";
    assertThat(segments.tag("put-tag", "dormant", document).getStatusCode()).isEqualTo(200);

    assertThat(body(segments.tag("tag", "dormant", "")).text("status")).isEqualTo("backfilling");
    assertThat(segments.tag("delete-tag", "dormant", "").getStatusCode()).isEqualTo(204);
    assertThat(body(segments.tag("tag", "dormant", "")).text("status")).isEqualTo("shipped");
  }

  @Test
  void aTagThatIsReferredToStays() {
    segments.answer("put-tag");
    segments.put("good", "{\"where\":{\"not\":{\"tag\":\"regular\"}}}");

    APIGatewayV2HTTPResponse refused = segments.answer("delete-tag");

    assertThat(refused.getStatusCode()).isEqualTo(409);
    assertThat(body(refused).text("detail")).isEqualTo("the segment good refers to it");
    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(404);
    segments.definitions.delete(Kind.SEGMENT, "good");
    assertThat(segments.answer("delete-tag").getStatusCode()).isEqualTo(204);
  }

  @Test
  void aTagSaysWhatItIsAboutAndLeadsNotBackToItself() {
    String other = "{\"dimension\":\"value\",\"where\":{\"tag\":\"%s\"}}";
    assertThat(body(segments.tag("put-tag", "a", "{\"where\":{\"tag\":\"b\"}}")).text("pointer"))
        .isEqualTo("/dimension");
    assertThat(segments.tag("put-tag", "a", other.formatted("b")).getStatusCode()).isEqualTo(200);
    assertThat(segments.tag("put-tag", "b", other.formatted("a")).getStatusCode()).isEqualTo(400);
    assertThat(segments.tag("put-tag", "b", other.formatted("b")).getStatusCode()).isEqualTo(400);
    assertThat(segments.put("s", "{\"where\":{\"computed\":\"no\",\"gt\":1}}").getStatusCode())
        .isEqualTo(400);
  }
}
