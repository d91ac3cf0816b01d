package dev.perennial.functions.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.AdvanceJourney;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryDefinitions;
import dev.perennial.testkit.InMemoryEnrollments;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.Invocation;
import dev.perennial.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvanceJourneyHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final List<SendRequest> published = new ArrayList<>();
  private final List<SendRequest> crowd = new ArrayList<>();
  private final InMemoryPeople people =
      Samples.people("main", new PersonId("bbbbbbbbbbbbbbbbbbbbbbbbbb"));
  private final InMemoryConsents consents = new InMemoryConsents();
  private final List<ProfileChange> changes = new ArrayList<>();
  private final AdvanceJourneyHandler handler =
      new AdvanceJourneyHandler(
          advanceJourney(published),
          advanceJourney(crowd),
          new HearConsent("main", people, consents, changes::addAll),
          () -> NOW);

  private AdvanceJourney advanceJourney(List<SendRequest> messages) {
    return new AdvanceJourney(
        "main",
        people,
        new DefinedJourneys(definitions, Duration.ZERO),
        new InMemoryEnrollments(),
        new InMemoryTimers(),
        messages::addAll);
  }

  private void launch() {
    definitions.put(
        Kind.JOURNEY,
        "win-back",
        (Fields)
            Json.read(
                """
                {"trigger":{"segment":"quiet14","on":"entered"},"reentry":"afterExit",
                 "steps":[{"id":"mail","send":{"content":"come-back","channels":["email"]}}]}
                """),
        "draft",
        NOW);
    definitions.launch(Kind.JOURNEY, "win-back", 1, "draft", "live");
  }

  @Test
  void whatACrowdAsksToSendWaitsApart() {
    launch();
    SQSEvent event = Envelope.read(SQSEvent.class, "advance-journey/triggers.json");
    event
        .getRecords()
        .forEach(record -> record.setEventSourceArn("arn:aws:sqs:eu-1:0:main-crowd-triggers"));

    handler.handleRequest(event, new Invocation());

    assertThat(published).isEmpty();
    assertThat(crowd).extracting(SendRequest::content).containsExactly("come-back");
  }

  @Test
  void aPoisonedTriggerFailsAloneAndARepeatDoesNothing() {
    launch();

    SQSBatchResponse response =
        handler.handleRequest(
            Envelope.read(SQSEvent.class, "advance-journey/triggers.json"), new Invocation());

    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly("00000000-0000-4000-8000-000000000002");
    assertThat(published).extracting(SendRequest::content).containsExactly("come-back");
  }

  @Test
  void aTimerOfNobodyIsNoFailure() {
    SQSBatchResponse response =
        handler.handleRequest(
            Envelope.read(SQSEvent.class, "advance-journey/due.json"), new Invocation());

    assertThat(response.getBatchItemFailures()).isEmpty();
  }

  @Test
  void anEventReportsWhatSomebodyDecided() {
    PersonId bob = new PersonId("bbbbbbbbbbbbbbbbbbbbbbbbbb");
    HearConsent hearConsent = new HearConsent("main", people, consents, changes::addAll);
    hearConsent.hear(new Trigger.OfEvent(bob, consent("c1", "email", "denied", Trust.CLIENT)));
    hearConsent.hear(new Trigger.OfEvent(bob, consent("c2", "sms", "granted", Trust.CLIENT)));
    hearConsent.hear(new Trigger.OfEvent(bob, consent("c2", "email", "granted", Trust.CLIENT)));
    hearConsent.hear(new Trigger.OfEvent(bob, consent("c3", "fax", "granted", Trust.SERVER)));

    assertThat(consents.of(bob).consents())
        .containsExactly(
            new Consent(
                Channel.EMAIL, "news", Consent.Decision.DENIED, NOW, null, "cookie banner"));
    hearConsent.hear(new Trigger.OfEvent(bob, consent("c4", "sms", "granted", Trust.SERVER)));
    assertThat(consents.of(bob).consents()).hasSize(2);
    assertThat(changes).containsExactly(changed(bob), changed(bob));
  }

  private static ProfileChange changed(PersonId person) {
    return new ProfileChange(person, Cause.EVENT);
  }

  private static Event consent(String messageId, String channel, String is, Trust trust) {
    return new Event(
        new Identifier(Namespace.USER_ID, "bob"),
        List.of(),
        messageId,
        EventType.TRACK,
        "Consent Changed",
        NOW,
        NOW,
        trust,
        (Fields)
            Json.read(
                "{\"channel\":\"%s\",\"topic\":\"news\",\"is\":\"%s\",\"source\":\"cookie banner\"}"
                    .formatted(channel, is)),
        Fields.EMPTY,
        Fields.EMPTY);
  }
}
