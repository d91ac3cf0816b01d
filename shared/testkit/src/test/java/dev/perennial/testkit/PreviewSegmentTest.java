package dev.perennial.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.AmendIdentity.Amendment;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.BackfillSegment;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EvaluateProfile;
import dev.perennial.domain.segment.Explanation;
import dev.perennial.domain.segment.ImportMembers;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.PreviewSegment;
import dev.perennial.domain.segment.PreviewSegment.Preview;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.json.Json;
import dev.perennial.json.LiveDefinitions;
import dev.perennial.json.SegmentCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Segments looked at before they are, members by list, and why. */
final class PreviewSegmentTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final SegmentId GUESTS = new SegmentId("guests");
  private static final SegmentId OTHERS = new SegmentId("others");

  private final InMemoryPeople people = new InMemoryPeople("test", new InMemoryTotals());
  private final InMemoryHistory history = new InMemoryHistory();
  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryMembers members = new InMemoryMembers();
  private final List<Transition> published = new ArrayList<>();
  private final PreviewSegment previewSegment =
      new PreviewSegment(new InMemoryPopulation(people), history, new InMemoryConsents(), "test");
  private final EvaluateProfile evaluateProfile =
      new EvaluateProfile(
          people,
          history,
          new InMemoryTimers(),
          members,
          news ->
              news.forEach(trigger -> published.add(((Trigger.OfTransition) trigger).transition())),
          new InMemoryConsents(),
          "test",
          () -> LiveDefinitions.segments(definitions),
          _ -> {});
  private final ImportMembers importMembers =
      new ImportMembers(definitions, people, evaluateProfile);

  private void order(String user, int times) {
    for (int i = 0; i < times; i++) {
      Event event =
          new Event(
              new Identifier(Namespace.USER_ID, user),
              List.of(),
              user + i,
              EventType.TRACK,
              "Order Completed",
              NOON.plusSeconds(i),
              NOON,
              Trust.SERVER,
              Fields.EMPTY,
              Fields.EMPTY,
              Fields.EMPTY);
      new RecordEvents(
              people,
              history,
              () -> Catalog.EMPTY,
              new InMemoryTotals(),
              _ -> {},
              _ -> {},
              new InMemoryTimers(),
              10,
              () -> NOON,
              _ -> {})
          .record(List.of(List.of(event)));
    }
  }

  private void define(SegmentId id, String document) {
    define(id, document, Definition.READY, NOON);
  }

  private void define(SegmentId id, String document, String status, Instant at) {
    definitions.put(Kind.SEGMENT, id.value(), (Fields) Json.read(document), status, at);
  }

  private Preview preview(String where) {
    SegmentId asked = new SegmentId("?");
    return previewSegment.preview(
        asked,
        LiveDefinitions.segments(
            definitions, asked, SegmentCodec.read((Fields) Json.read("{\"where\":" + where + "}"))),
        NOON.plusSeconds(60));
  }

  private Person person(String user) {
    return people.find(new Identifier(Namespace.USER_ID, user).hash("test")).orElseThrow();
  }

  @Test
  void everybodyIsAskedWhenTheyAreFew() {
    IntStream.range(0, 30).forEach(i -> order("u" + i, 1 + i % 3));

    assertThat(preview("{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}"))
        .isEqualTo(new Preview(30, 20, true));
    assertThat(people.all()).allSatisfy(person -> assertThat(person.memberships()).isEmpty());
  }

  @Test
  void aSampleIsAskedWhenTheyAreMany() {
    IntStream.range(0, 900).forEach(i -> order("u" + i, 1 + i % 2));

    Preview preview = preview("{\"event\":\"Order Completed\",\"count\":{\"gte\":2}}");

    assertThat(preview.everybody()).isFalse();
    assertThat(preview.asked()).isBetween(200, 400);
    assertThat(preview.met()).isBetween(preview.asked() * 4 / 10, preview.asked() * 6 / 10);
  }

  @Test
  void anExplanationNamesThePartsThatDecided() {
    order("ann", 2);
    define(
        GUESTS,
        """
        {"where":{"all":[{"event":"Order Completed","count":{"gte":1}},
         {"any":[{"trait":"plan","is":"pro"},{"event":"Order Completed","count":{"gte":3}}]}]}}\
        """);

    Explanation explanation =
        previewSegment
            .explain(
                GUESTS, LiveDefinitions.segments(definitions), person("ann"), NOON.plusSeconds(60))
            .parts()
            .getFirst();

    assertThat(explanation.holds()).isFalse();
    Explanation met = explanation.parts().get(0);
    Explanation unmet = explanation.parts().get(1);
    assertThat(met.holds()).isTrue();
    assertThat(met.decided()).isFalse();
    assertThat(unmet.decided()).isTrue();
    assertThat(unmet.parts()).allMatch(Explanation::decided).noneMatch(Explanation::holds);
    assertThat(unmet.parts().get(0).found()).isNull();
    assertThat(unmet.parts().get(1).found()).isEqualTo(Num.of(2));
  }

  @Test
  void aListPutsPeopleInAndTakesThemOut() {
    order("ann", 1);
    order("bob", 1);
    define(GUESTS, "{\"members\":\"imported\"}");
    define(OTHERS, "{\"where\":{\"not\":{\"segment\":\"guests\"}}}");
    PersonId ann = person("ann").id();

    Part put = part(true, NOON, ann, new PersonId("nobody"));
    importMembers.take(put, () -> NOON);
    importMembers.take(put, () -> NOON.plusSeconds(1));
    assertThat(members.sizes(List.of(GUESTS, OTHERS))).isEqualTo(Map.of(GUESTS, 1L, OTHERS, 0L));
    assertThat(published).containsExactly(new Transition(ann, GUESTS, 1, NOON, Cause.IMPORT));

    importMembers.take(part(false, NOON.plusSeconds(2), ann), () -> NOON.plusSeconds(2));
    assertThat(members.sizes(List.of(GUESTS, OTHERS))).isEqualTo(Map.of(GUESTS, 0L, OTHERS, 1L));
    assertThat(published).hasSize(3).allMatch(transition -> transition.cause() == Cause.IMPORT);

    definitions.delete(Kind.SEGMENT, "guests");
    importMembers.take(put, () -> NOON.plusSeconds(3));
    assertThat(members.size(GUESTS)).isZero();
    assertThat(Set.copyOf(published)).hasSize(3);
  }

  @Test
  void ofTwoWordsTheLaterRequestCountsWhicheverComesFirst() {
    order("ann", 1);
    define(GUESTS, "{\"members\":\"imported\"}");
    PersonId ann = person("ann").id();

    importMembers.take(part(false, NOON.plusSeconds(1), ann), () -> NOON.plusSeconds(2));
    importMembers.take(part(true, NOON, ann), () -> NOON.plusSeconds(3));

    assertThat(members.size(GUESTS)).isZero();
  }

  @Test
  void aListThatIsRenamedKeepsItsPeopleAndOneThatIsMadeAnewHasNobody() {
    order("ann", 1);
    define(GUESTS, "{\"members\":\"imported\"}", BackfillSegment.BACKFILLING, NOON);
    PersonId ann = person("ann").id();
    importMembers.take(part(true, NOON.plusSeconds(1), ann), () -> NOON.plusSeconds(1));

    define(
        GUESTS,
        "{\"name\":\"Guests\",\"members\":\"imported\"}",
        BackfillSegment.BACKFILLING,
        NOON.plusSeconds(2));
    evaluate("ann", Cause.EVENT);
    assertThat(members.size(GUESTS)).isEqualTo(1);

    definitions.delete(Kind.SEGMENT, GUESTS.value());
    define(GUESTS, "{\"members\":\"imported\"}", BackfillSegment.BACKFILLING, NOON);
    evaluate("ann", Cause.EVENT);
    assertThat(members.size(GUESTS)).isZero();
  }

  @Test
  void whoMeetAreOnTheListsOfBothAndWhoPartAreOnTheirOwn() {
    order("ann", 1);
    order("bob", 1);
    define(GUESTS, "{\"members\":\"imported\"}");
    define(OTHERS, "{\"members\":\"imported\"}");
    Identifier ann = new Identifier(Namespace.USER_ID, "ann");
    Identifier bob = new Identifier(Namespace.USER_ID, "bob");
    importMembers.take(part(true, NOON, person("bob").id()), () -> NOON);
    importMembers.take(
        new Part(OTHERS, new Listed(true, 1, NOON, 0), List.of(person("ann").id())), () -> NOON);
    AmendIdentity amend =
        new AmendIdentity(people, new InMemoryTimers(), _ -> {}, 10, () -> NOON, _ -> {});

    Person both = ((Amendment.Amended) amend.merge(List.of(ann, bob))).people().getFirst();
    evaluate("ann", Cause.MERGE);
    assertThat(members.sizes(List.of(GUESTS, OTHERS))).isEqualTo(Map.of(GUESTS, 1L, OTHERS, 1L));
    assertThat(lists("ann")).containsExactlyInAnyOrder(GUESTS, OTHERS);

    amend.withdraw(both.id(), both.links().iterator().next().key().id(), "test");
    evaluate("ann", Cause.SPLIT);
    evaluate("bob", Cause.SPLIT);
    assertThat(lists("ann")).containsExactly(OTHERS);
    assertThat(lists("bob")).containsExactly(GUESTS);
    assertThat(members.sizes(List.of(GUESTS, OTHERS))).isEqualTo(Map.of(GUESTS, 1L, OTHERS, 1L));
  }

  private Set<SegmentId> lists(String user) {
    return person(user).memberships().entrySet().stream()
        .filter(membership -> membership.getValue().member())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void evaluate(String user, Cause cause) {
    evaluateProfile.evaluate(
        List.of(new EvaluateProfile.Request(person(user).id(), cause, List.of())),
        () -> NOON.plusSeconds(5));
  }

  private static Part part(boolean in, Instant at, PersonId... people) {
    return new Part(GUESTS, new Listed(in, 1, at, 0), List.of(people));
  }
}
