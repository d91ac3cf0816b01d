package dev.perennial.functions.segments;

import static dev.perennial.functions.segments.ManagedSegments.NOW;
import static dev.perennial.functions.segments.ManagedSegments.body;
import static dev.perennial.functions.segments.ManagedSegments.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.definition.Catalog;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.domain.profile.Listed;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.RecordEvents;
import dev.perennial.domain.segment.ImportMembers.Part;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.InMemoryHistory;
import dev.perennial.testkit.InMemoryTimers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ManageListsTest {

  private final ManagedSegments segments = new ManagedSegments();

  @Test
  void aListIsTakenInPartsAndWhatIsWrongWithItIsSaid() {
    assertThat(segments.answer("import").getStatusCode()).isEqualTo(404);
    segments.put("guests", "{\"name\":\"Guests\",\"members\":\"imported\"}");
    PersonId ada = segments.known(new Identifier(Namespace.USER_ID, "ada"));
    PersonId bob = segments.known(new Identifier(Namespace.EMAIL, "bob@example.com"));

    Fields answer = body(segments.answer("import"));

    assertThat(Json.text(answer))
        .startsWith("{\"people\":2,\"unknown\":1,\"rejected\":[{\"row\":4,");
    assertThat(segments.parts)
        .singleElement()
        .extracting(Part::said)
        .isEqualTo(new Listed(true, 1, NOW, 0));
    assertThat(segments.parts.getFirst().people()).containsExactlyInAnyOrder(ada, bob);
  }

  @Test
  void peopleArePutInByHandAndTakenOut() {
    segments.put("guests", "{\"members\":\"imported\"}");
    PersonId ada = segments.known(new Identifier(Namespace.USER_ID, "ada"));

    assertThat(Json.text(body(hand("{\"add\":[\"userId:ada\",\"userId:nobody\"]}"))))
        .isEqualTo("{\"people\":1,\"unknown\":1}");
    hand("{\"remove\":[\"userId:ada\"]}");

    SegmentId guests = new SegmentId("guests");
    assertThat(segments.parts)
        .containsExactly(
            new Part(guests, new Listed(true, 1, NOW, 0), List.of(ada)),
            new Part(guests, new Listed(false, 1, NOW, 1), List.of(ada)));
    assertThat(body(hand("{\"add\":[\"userId:ada\",\"userId:null\"]}")).text("pointer"))
        .isEqualTo("/add/1");
    assertThat(hand("{}").getStatusCode()).isEqualTo(400);
    segments.put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");
    assertThat(hand("{\"add\":[\"userId:ada\"]}").getStatusCode()).isEqualTo(409);
  }

  @Test
  void whoWasPartedFromOthersIsPutInAlone() {
    segments.put("guests", "{\"members\":\"imported\"}");
    Identifier ada = new Identifier(Namespace.USER_ID, "ada");
    Identifier email = new Identifier(Namespace.EMAIL, "ada@example.com");
    new RecordEvents(
            segments.people,
            new InMemoryHistory(),
            () -> Catalog.EMPTY,
            segments.totals,
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
    Person both = segments.people.find(ada.hash("test")).orElseThrow();
    assertThat(both.identifiers()).containsOnlyKeys(ada, email);
    new AmendIdentity(segments.people, new InMemoryTimers(), _ -> {}, 10, () -> NOW, _ -> {})
        .withdraw(both.id(), both.links().iterator().next().key().id(), "desk");

    hand("{\"add\":[\"email:ada@example.com\"]}");
    hand("{\"add\":[\"userId:ada\"]}");

    PersonId one = segments.people.find(email.hash("test")).orElseThrow().id();
    PersonId other = segments.people.find(ada.hash("test")).orElseThrow().id();
    assertThat(one).isNotEqualTo(other);
    assertThat(segments.parts)
        .extracting(Part::people)
        .containsExactly(List.of(one), List.of(other));
  }

  @Test
  void onlySegmentsWithoutAConditionTakeLists() {
    segments.put("guests", "{\"where\":{\"inactive\":\"P1D\"}}");

    assertThat(segments.answer("import").getStatusCode()).isEqualTo(409);
    assertThat(segments.put("guests", "{\"members\":\"guessed\"}").getStatusCode()).isEqualTo(400);
    assertThat(
            segments
                .put("guests", "{\"members\":\"imported\",\"where\":{\"tag\":\"vip\"}}")
                .getStatusCode())
        .isEqualTo(400);
  }

  @Test
  void aTagIsGivenByAListToo() {
    segments.tag("put-tag", "guest", "{\"dimension\":\"attribute\",\"members\":\"imported\"}");
    PersonId ada = segments.known(new Identifier(Namespace.USER_ID, "ada"));
    APIGatewayV2HTTPEvent list = envelope("import");
    list.setRouteKey("POST /v1/tags/{id}/import");
    list.setPathParameters(Map.of("id", "guest"));

    assertThat(segments.answer(list).getStatusCode()).isEqualTo(200);

    assertThat(segments.parts)
        .containsExactly(
            new Part(SegmentId.ofTag("guest"), new Listed(true, 1, NOW, 0), List.of(ada)));
  }

  private APIGatewayV2HTTPResponse hand(String document) {
    APIGatewayV2HTTPEvent event = envelope("put");
    event.setRouteKey("POST /v1/segments/{id}/members");
    event.setPathParameters(Map.of("id", "guests"));
    event.setBody(document);
    return segments.answer(event);
  }
}
