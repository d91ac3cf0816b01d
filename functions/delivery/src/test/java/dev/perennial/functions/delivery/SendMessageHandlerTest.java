package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Links;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Policy;
import dev.perennial.domain.delivery.RateLimit;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.Person;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.InMemoryPauseSwitch;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemorySends;
import dev.perennial.testkit.InMemoryTimers;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SendMessageHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");

  @Test
  void whatWasNotAcceptedAndWhatCannotBeReadGoBackToTheQueue() {
    List<Message> delivered = new ArrayList<>();
    InMemoryTotals totals = new InMemoryTotals();
    InMemoryPeople people = new InMemoryPeople("main", totals);
    PersonId ann = new PersonId("dddddddddddddddddddddddddd");
    people.put(
        new Person(
            ann, 0, Map.of(EMAIL, NOW), Set.of(), Map.of(), Map.of(), List.of(), null, null));
    InMemoryConsents consents = new InMemoryConsents();
    Content content =
        new Content("welcome", 1, Map.of(Channel.EMAIL, new Rendition.Email("Hi", null, "Hi")));
    SendMessageHandler handler =
        new SendMessageHandler(
            new SendMessage(
                "main",
                people,
                consents,
                _ -> Optional.of(content),
                () -> Policy.SHIPPED,
                new InMemoryPauseSwitch(),
                new LiquidTemplates(),
                Links.NONE,
                new InMemorySends(consents),
                new InMemoryTimers(),
                message -> {
                  delivered.add(message);
                  return delivered.size() == 1
                      ? new Outcome.Sent("p1")
                      : new Outcome.Retryable("throttled");
                },
                new RateLimit((_, _, wanted, _) -> wanted),
                _ -> {},
                _ -> {}),
            () -> NOW);

    SQSBatchResponse response =
        handler.handleRequest(
            Envelope.read(SQSEvent.class, "send-message/messages.json"), new Invocation());

    assertThat(delivered).hasSize(2);
    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly(
            "00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000004");
  }
}
