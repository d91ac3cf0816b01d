package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.delivery.AskedMessages.Asked;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.SendMessage;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryPeople;
import dev.perennial.testkit.InMemoryTotals;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptMessageHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final Identifier EMAIL = new Identifier(Namespace.EMAIL, "ann@example.com");

  private final Map<String, Asked> asked = new HashMap<>();
  private final List<SendRequest> published = new ArrayList<>();
  private Instant now = NOW;
  private final AcceptMessageHandler handler = handler();

  private AcceptMessageHandler handler() {
    InMemoryPeople people = new InMemoryPeople("main", new InMemoryTotals());
    people.put(
        new Person(
            EMAIL.hash("main"),
            0,
            Map.of(EMAIL, NOW),
            Set.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null,
            null));
    Content receipt =
        new Content(
            "receipt",
            1,
            Map.of(
                Channel.SMS,
                new Rendition.Sms("{{ data.total }}"),
                Channel.EMAIL,
                new Rendition.Email("Receipt", null, "{{ data.total }}")));
    return new AcceptMessageHandler(
        "main",
        new AnyKey(),
        id -> id.equals("receipt") ? Optional.of(receipt) : Optional.empty(),
        people,
        (id, wanted) -> {
          asked.putIfAbsent(id, wanted);
          return asked.getOrDefault(id, wanted);
        },
        published::addAll,
        () -> now);
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(
        Envelope.read(APIGatewayV2HTTPEvent.class, "accept-message/" + sample + ".json"),
        new Invocation());
  }

  @Test
  void aMessageIsAskedForAndARepeatAsksForTheSame() {
    APIGatewayV2HTTPResponse first = answer("message");
    now = NOW.plusSeconds(60);
    APIGatewayV2HTTPResponse repeat = answer("message");

    assertThat(first.getStatusCode()).as(first.getBody()).isEqualTo(202);
    assertThat(repeat.getBody()).isEqualTo(first.getBody());
    SendRequest wish =
        new SendRequest(
            EMAIL.hash("main"),
            "messages",
            "message",
            "order-4711",
            "order-4711",
            "receipt",
            List.of(Channel.EMAIL),
            "transactional",
            null,
            new Fields(Map.of("total", new Text("12.50"))),
            NOW,
            NOW.plusSeconds(3600),
            true);
    assertThat(published).containsExactly(wish, wish);
    assertThat(first.getBody()).contains(SendMessage.id("main", wish));
  }

  @Test
  void aKeyIsForOneMessage() {
    answer("message");

    assertThat(answer("other-message").getStatusCode()).isEqualTo(409);
    assertThat(published).hasSize(1);
  }

  @Test
  void unlessNamedTheChannelsAreThoseOfTheContent() {
    answer("other-message");

    assertThat(published.getFirst().channels()).containsExactly(Channel.EMAIL, Channel.SMS);
    assertThat(published.getFirst().atLeastOnce()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "without-key, 400, Idempotency-Key",
    "nobody,      404, no such profile",
    "no-content,  400, /content",
    "odd,         400, /dat",
  })
  void whatIsNotAMessageChangesNothing(String sample, int status, String words) {
    APIGatewayV2HTTPResponse answer = answer(sample);

    assertThat(answer.getStatusCode()).isEqualTo(status);
    assertThat(answer.getBody()).contains(words);
    assertThat(published).isEmpty();
    assertThat(asked).isEmpty();
  }
}
