package dev.perennial.functions.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.perennial.domain.Digest;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Consents;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Sends;
import dev.perennial.domain.erasure.RequestErasure;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Enrollments;
import dev.perennial.domain.profile.History;
import dev.perennial.domain.profile.People;
import dev.perennial.domain.profile.People.Absorbed;
import dev.perennial.domain.profile.People.Change;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.profile.Quarantine;
import dev.perennial.domain.profile.Trail;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.json.Json;
import dev.perennial.json.JsonNode;
import dev.perennial.json.JsonObject;
import dev.perennial.testkit.Crashes;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryEnrollments;
import dev.perennial.testkit.InMemoryErasures;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.PeopleContract;
import dev.perennial.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An export of somebody who came from a new browser every day for years. Calls are counted: an
 * answer has 10 s, which is time for some 2,000.
 */
final class ExportManyIdentifiersTest {

  private static final int MANY = 3_000;
  private static final int MOST_CALLS = 600;
  private static final Identifier USER = new Identifier(Namespace.USER_ID, "many");
  private static final String TOKEN = "token-1";
  private static final Consent GRANT =
      new Consent(Channel.EMAIL, "offers", Consent.Decision.GRANTED, Stores.NOW, "consent", null);
  private static final Consent PUSH =
      new Consent(Channel.PUSH, "offers", Consent.Decision.GRANTED, Stores.NOW, "consent", null);

  private final Stores stores = new Stores();
  private final InMemoryConsents consents = new InMemoryConsents();
  private final InMemoryErasures erasures = new InMemoryErasures(stores.people, consents);
  private final Crashes calls = new Crashes();
  private final ManagePrivacyHandler handler =
      new ManagePrivacyHandler(
          new ManagePrivacyHandler.Stores(
              new ManagePrivacyHandlerTest.SampleKeys(),
              erasures,
              calls.around(People.class, stores.people),
              stores.showProfile(calls.around(Consents.class, consents)),
              calls.around(Consents.class, consents),
              calls.around(Enrollments.class, new InMemoryEnrollments()),
              calls.around(Sends.class, new InMemorySends(consents)),
              calls.around(History.class, stores.history),
              calls.around(Quarantine.class, stores.quarantine),
              10),
          new RequestErasure(
              Stores.WORKSPACE,
              stores.people,
              erasures,
              stores.timers,
              _ -> {},
              Duration.ofDays(1),
              () -> Digest.of("erasure"),
              _ -> {}),
          _ -> {},
          _ -> {},
          Stores.WORKSPACE,
          () -> Stores.NOW);
  private final List<Identifier> browsers =
      IntStream.range(0, MANY)
          .mapToObj(n -> new Identifier(Namespace.ANONYMOUS_ID, "browser-" + n))
          .toList();

  /** Each browser was a person of its own until the user logged in. */
  private void populate() {
    List<Absorbed> absorbed = new ArrayList<>();
    for (Identifier browser : browsers) {
      stores.people.put(PeopleContract.person(Stores.WORKSPACE, browser));
      absorbed.add(
          new Absorbed(
              browser.hash(Stores.WORKSPACE),
              1,
              USER.hash(Stores.WORKSPACE),
              Trail.NONE,
              Map.of()));
    }
    List<Identifier> all = new ArrayList<>(List.of(USER));
    all.addAll(browsers);
    Person user = PeopleContract.person(Stores.WORKSPACE, all.toArray(Identifier[]::new));
    stores.people.save(
        new Change(
            List.of(user), absorbed, List.of(), Map.of(USER, user.id()), Map.of(), 1 - MANY));
  }

  private void decide(PersonId id, Consent consent) {
    consents.save(id, Permissions.NONE.with(consent), consent);
  }

  @Test
  void everyAnswerFitsIntoItsTimeAndNothingIsLeftOut() {
    populate();
    stores.recordEvents().record(List.of(List.of(withToken(Samples.event(USER, "m1")))));
    decide(new Address(Address.Kind.FCM, TOKEN).key(Stores.WORKSPACE), PUSH);
    decide(browsers.getLast().hash(Stores.WORKSPACE), GRANT);
    stores.quarantine.keep(
        browsers.getFirst(),
        List.of(Samples.event(browsers.getFirst(), "kept")),
        Stores.NOW,
        Stores.NOW);

    List<Integer> answers = new ArrayList<>();
    List<JsonObject> parts = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      int before = calls.calls();
      parts.add(export(cursor.get()));
      answers.add(calls.calls() - before);
      cursor = parts.getLast().optional("cursor").map(node -> node.text());
    }

    System.out.println("exporting %,d identifiers: calls %s".formatted(MANY, answers));
    assertThat(answers).allSatisfy(n -> assertThat(n).isLessThan(MOST_CALLS));
    assertThat(parts.getFirst().required("identifiers").list()).hasSize(MANY + 1);
    assertThat(parts.getFirst().optional("hidden")).isEmpty();
    assertThat(parts.getFirst().required("consent").list()).hasSize(2);
    assertThat(all(parts, "consentHistory")).hasSize(2);
    assertThat(all(parts, "events")).hasSize(1);
    assertThat(all(parts, "quarantined")).hasSize(1);
  }

  private static Event withToken(Event event) {
    return new Event(
        event.owner(),
        event.others(),
        event.messageId(),
        event.type(),
        event.name(),
        event.timestamp(),
        event.receivedAt(),
        event.trust(),
        event.properties(),
        new Fields(Map.of("pushToken", new Text(TOKEN))),
        event.context());
  }

  private JsonObject export(String cursor) {
    APIGatewayV2HTTPEvent event =
        Envelope.read(APIGatewayV2HTTPEvent.class, "manage-privacy/export.json");
    event.setPathParameters(Map.of("id", USER.hash(Stores.WORKSPACE).value()));
    event.setQueryStringParameters(new HashMap<>(Map.of("cursor", cursor)));
    return JsonObject.root(Json.readOwn(handler.handleRequest(event, new Invocation()).getBody()));
  }

  private static List<JsonNode> all(List<JsonObject> parts, String name) {
    return parts.stream().flatMap(part -> part.required(name).list().stream()).toList();
  }
}
