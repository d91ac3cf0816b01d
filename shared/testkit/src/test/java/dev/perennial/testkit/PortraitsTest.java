package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Allowed;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.CustomerStage;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.TagDimension;
import dev.perennial.domain.profile.Trait;
import dev.perennial.domain.segment.Facts;
import dev.perennial.domain.segment.Portraits;
import dev.perennial.domain.segment.Portraits.Portrait;
import dev.perennial.domain.segment.Rfm;
import dev.perennial.domain.segment.Rfm.Dimension;
import dev.perennial.domain.segment.ScoreCustomers;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Segments;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Bool;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.RfmCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortraitsTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Identifier ANN = new Identifier(Namespace.USER_ID, "ann");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final List<Event> events = new ArrayList<>();
  private Map<String, Trait> byHand = Map.of();

  @Test
  void whoeverIsKnownAndNoMoreIsAtTheFirstStage() {
    event("Seen", Duration.ZERO, 0);

    assertThat(portrait().stage()).isEqualTo(CustomerStage.ACQUISITION);
    assertThat(portrait().computed()).doesNotContainKeys("repurchase-rate", "average-order-value");
  }

  @Test
  void theFurthestStageCountsWhateverCameBefore() {
    event("Order Completed", Duration.ofDays(9), 10);
    assertThat(portrait().stage()).isEqualTo(CustomerStage.CONVERSION);
    event("Order Completed", Duration.ofDays(8), 10);
    assertThat(portrait().stage()).isEqualTo(CustomerStage.REPURCHASE);
    event("Referral Completed", Duration.ofDays(7), 0);
    assertThat(portrait().stage()).isEqualTo(CustomerStage.REFERRAL);
  }

  @Test
  void computedTraitsFollowFromCounters() {
    event("Order Completed", Duration.ofDays(400), 100);
    event("Order Completed", Duration.ofDays(40), 20);
    event("Order Completed", Duration.ofDays(4), 30);
    event("Invite Sent", Duration.ofDays(3), 0);
    event("Invite Sent", Duration.ofDays(3), 0);
    event("Referral Completed", Duration.ofDays(2), 0);

    assertThat(portrait().computed())
        .containsEntry("orders", Num.of(3))
        .containsEntry("revenue", Num.of(150))
        .containsEntry("average-order-value", Num.of(50))
        .containsEntry("arpu", new Num(new BigDecimal("4.1667")))
        .containsEntry("repurchase-rate", new Num(new BigDecimal("0.6667")))
        .containsEntry("referral-count", Num.of(1))
        .containsEntry("referral-rate", new Num(new BigDecimal("0.5")));
  }

  @Test
  void tagsOfAllDimensionsAreShippedAndThoseOfATraitHaveItsValue() {
    event("Order Completed", Duration.ofDays(90), 900);
    event("Order Completed", Duration.ofDays(80), 10);
    event("Feedback Given", Duration.ofDays(70), 0);

    Portrait portrait = portrait();

    assertThat(portrait.tags())
        .isEqualTo(
            Map.of(
                "city", new Text("Bonn"),
                "interacts", new Bool(true),
                "dormant", new Bool(true),
                "high-arpu", new Bool(true),
                "repeat-buyer", new Bool(true)));
    assertThat(portrait.dimensions()).containsExactlyInAnyOrder(TagDimension.values());
  }

  @Test
  void aTagLeadsToSegmentsAndOnlyWhatIsShownIsCounted() {
    event("Seen", Duration.ofDays(1), 0);
    int shipped = LiveDefinitions.portraits(definitions).counters().counters().size();
    define("seen", "{\"where\":{\"event\":\"Seen\"}}");
    define("heard", "{\"where\":{\"event\":\"Heard\"}}");
    define("tag:eye", "{\"dimension\":\"value\",\"where\":{\"segment\":\"seen\"}}");

    assertThat(portrait().tags()).containsKey("eye");
    assertThat(LiveDefinitions.portraits(definitions).counters().counters()).hasSize(shipped + 1);
  }

  @Test
  void customersHaveScoresOnceThereAreCuts() {
    event("Order Completed", Duration.ofDays(1), 100);
    assertThat(portrait().scores()).isEmpty();

    Map<Dimension, List<BigDecimal>> cuts = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      cuts.put(dimension, Collections.nCopies(Rfm.CUTS, BigDecimal.TEN));
    }
    definitions.put(
        Kind.SCORES, ScoreCustomers.CUTS, RfmCodec.write(new Rfm(NOW, cuts)), "ready", NOW);

    assertThat(portrait().scores())
        .isEqualTo(Map.of(Dimension.R, 1, Dimension.F, 1, Dimension.M, 5));
  }

  @Test
  void aTagByHandGoesBeforeARuleAndConditionsSeeTheSame() {
    event("Seen", Duration.ofDays(1), 0);
    define("gold", "{\"where\":{\"tag\":\"city\",\"is\":\"Bonn\"}}");
    define("old", "{\"where\":{\"tag\":\"new\",\"isNot\":true}}");
    define("tag:keen", "{\"dimension\":\"behaviour\",\"where\":{\"event\":\"Seen\"}}");
    define("calm", "{\"where\":{\"not\":{\"tag\":\"keen\"}}}");
    assertThat(portrait().tags()).containsOnlyKeys("city", "keen", "new");
    assertThat(members()).containsExactlyInAnyOrder("gold", "tag:keen");

    byHand =
        Map.of(
            "city", new Trait(new Text("Ulm"), NOW, ""),
            "new", new Trait(new Bool(false), NOW, ""),
            "keen", new Trait(new Value.Null(), NOW, ""));

    assertThat(portrait().tags())
        .containsEntry("city", new Text("Ulm"))
        .containsEntry("new", new Bool(false))
        .containsEntry("keen", new Bool(true));
    assertThat(members()).containsExactlyInAnyOrder("old", "tag:keen");
  }

  private void define(String id, String document) {
    definitions.put(Kind.SEGMENT, id, (Fields) Json.read(document), "ready", NOW);
  }

  private List<String> members() {
    Segments segments = LiveDefinitions.segments(definitions);
    Facet facet = Facet.empty(ANN).plus(events, segments.counters()).tagged(byHand);
    return segments.evaluate(Facts.of(person(facet), Allowed.NOTHING), NOW).members().stream()
        .map(SegmentId::value)
        .toList();
  }

  private Portrait portrait() {
    Portraits portraits = LiveDefinitions.portraits(definitions);
    Facet facet = Facet.empty(ANN).plus(events, portraits.counters()).tagged(byHand);
    return portraits.of(Facts.of(person(facet), Allowed.NOTHING), NOW);
  }

  private static Person person(Facet facet) {
    return new Person(
        ANN.hash("test"),
        0,
        Map.of(ANN, facet.firstSeen()),
        Set.of(),
        Map.of(ANN, facet),
        Map.of(),
        List.of(),
        null,
        null);
  }

  private void event(String name, Duration ago, long total) {
    events.add(
        new Event(
            ANN,
            List.of(),
            "m" + events.size(),
            EventType.TRACK,
            name,
            NOW.minus(ago),
            NOW,
            Trust.SERVER,
            new Fields(Map.of("total", Num.of(total))),
            new Fields(Map.of("city", new Text("Bonn"))),
            Fields.EMPTY));
  }
}
