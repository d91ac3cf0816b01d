package dev.perennial.testkit;

import static dev.perennial.testkit.RecordingPlatform.ANN;
import static dev.perennial.testkit.RecordingPlatform.NOW;
import static dev.perennial.testkit.RecordingPlatform.WORKSPACE;
import static dev.perennial.testkit.RecordingPlatform.identify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Lifecycle;
import dev.perennial.domain.profile.Profile;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordTraitsTest {

  private final RecordingPlatform platform = new RecordingPlatform();

  @Test
  void aTraitSetToNullIsForgottenAndContextTellsTheTimeZone() {
    platform.record(identify("m2", 2, new Fields(Map.of("plan", new Value.Null()))));
    platform.record(identify("m1", 1, new Fields(Map.of("plan", new Value.Text("pro")))));

    Profile profile = Profile.of(platform.person(ANN), WORKSPACE, NOW);

    assertThat(profile.traits()).isEqualTo(Map.of(Facet.TIMEZONE, new Value.Text("Europe/Berlin")));
    assertThat(profile.id()).isEqualTo(ANN.hash(WORKSPACE));
    assertThat(profile.lifecycle()).isEqualTo(Lifecycle.NEW);
    assertThat(profile.completeness()).isEqualTo(0.4);
  }

  @Test
  void whatIsToBeSetOnceIsSetByTheEarliestThatSaysSoUnlessItIsSetOutright() {
    platform.record(identify("m2", 2, once("source", "fair")));
    platform.record(identify("m1", 1, once("source", "shop")));
    platform.record(identify("m3", 3, once("city", "K\u00f6ln")));
    platform.record(identify("m0", 0, new Fields(Map.of("city", new Value.Text("Bonn")))));

    assertThat(Profile.of(platform.person(ANN), WORKSPACE, NOW).traits())
        .containsEntry("source", new Value.Text("shop"))
        .containsEntry("city", new Value.Text("Bonn"));
  }

  @Test
  void aTraitThatIsUnsetIsForgotten() {
    platform.record(identify("m1", 1, new Fields(Map.of("plan", new Value.Text("pro")))));
    platform.record(
        identify(
            "m2",
            2,
            new Fields(Map.of("$unset", new Value.Items(List.of(new Value.Text("plan")))))));

    assertThat(Profile.of(platform.person(ANN), WORKSPACE, NOW).traits())
        .containsOnlyKeys("timezone");
  }

  @Test
  void theLatestAnswerAboutATopicIsATagAndTheFirstCampaignATrait() {
    platform.record(feedback("m2", 2, "like", "autumn"));
    platform.record(feedback("m1", 1, "notInterested", "summer"));

    Profile profile = Profile.of(platform.person(ANN), WORKSPACE, NOW);

    assertThat(profile.tags()).isEqualTo(Map.of("feedback:tea", new Value.Text("like")));
    assertThat(profile.tagCoverage()).isEqualTo(0.25);
    assertThat(profile.traits()).containsEntry("sourceChannel", new Value.Text("summer"));
  }

  private static Event feedback(String id, long second, String answer, String campaign) {
    return new Event(
        ANN,
        List.of(),
        id,
        EventType.TRACK,
        "Feedback Given",
        NOW.minusSeconds(3600).plusSeconds(second),
        NOW,
        Trust.CLIENT,
        new Fields(Map.of("topic", new Value.Text("tea"), "answer", new Value.Text(answer))),
        Fields.EMPTY,
        new Fields(Map.of("campaign", new Fields(Map.of("source", new Value.Text(campaign))))));
  }

  private static Fields once(String name, String value) {
    return new Fields(Map.of("$set_once", new Fields(Map.of(name, new Value.Text(value)))));
  }
}
