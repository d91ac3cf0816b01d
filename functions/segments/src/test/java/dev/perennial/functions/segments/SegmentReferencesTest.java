package dev.perennial.functions.segments;

import static dev.perennial.functions.segments.ManagedSegments.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import org.junit.jupiter.api.Test;

final class SegmentReferencesTest {

  private final ManagedSegments segments = new ManagedSegments();

  @Test
  void aSegmentThatIsReferredToStays() {
    segments.answer("put");
    assertThat(segments.put("rich", "{\"where\":{\"segment\":\"big-spenders\"}}").getStatusCode())
        .isEqualTo(200);

    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(409);

    segments.definitions.delete(Kind.SEGMENT, "rich");
    segments.definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"segment\":\"big-spenders\"}}"),
        "draft",
        NOW);
    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(409);
  }

  @Test
  void aReferenceLeadsToAnotherSegmentThatExists() {
    assertThat(segments.put("a", "{\"where\":{\"segment\":\"a\"}}").getStatusCode()).isEqualTo(400);
    assertThat(segments.put("a", "{\"where\":{\"segment\":\"b\"}}").getStatusCode()).isEqualTo(400);
    assertThat(segments.put("b", "{\"where\":{\"inactive\":\"P1D\"}}").getStatusCode())
        .isEqualTo(200);
    assertThat(segments.put("a", "{\"where\":{\"segment\":\"b\"}}").getStatusCode()).isEqualTo(200);
    assertThat(segments.put("b", "{\"where\":{\"not\":{\"segment\":\"a\"}}}").getStatusCode())
        .isEqualTo(400);
  }

  @Test
  void aSegmentThatARunningJourneyRefersToStays() {
    segments.answer("put");
    segments.definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"segment\":\"big-spenders\"}}"),
        "draft",
        NOW);
    segments.definitions.launch(Kind.JOURNEY, "welcome", 1, "draft", "live");
    segments.definitions.put(
        Kind.JOURNEY,
        "welcome",
        (Fields) Json.read("{\"trigger\":{\"event\":\"Signed Up\"}}"),
        "live",
        NOW);

    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(409);

    segments.definitions.changeStatus(Kind.JOURNEY, "welcome", "live", "stopped");
    assertThat(segments.answer("delete").getStatusCode()).isEqualTo(204);
  }
}
