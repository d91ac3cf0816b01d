package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Text;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00.123Z");

  @ParameterizedTest
  @EnumSource
  void readsWhatItWrote(EventType type) {
    Event full =
        new Event(
            user("42"),
            List.of(
                new Identifier(Namespace.EMAIL, "a@example.com"),
                new Identifier(Namespace.wechat("wx1"), "o#1")),
            "m-1",
            type,
            "Order Completed",
            Instant.parse("1969-12-31T23:59:59.123456789Z"),
            NOW,
            Trust.SERVER,
            new Fields(Map.of("total", new Text("1"), "gone", new Null())),
            new Fields(Map.of("plan", new Text("pro"))),
            new Fields(Map.of("timezone", new Text("Asia/Shanghai"))),
            true,
            "website");

    assertThat(roundTrip(full)).isEqualTo(full);
  }

  @Test
  void leavesOutWhatIsEmpty() {
    Event small = event("42", "m", "");

    assertThat(Json.text(EventCodec.write(small)))
        .isEqualTo(
            "{\"o\":[\"userId\",\"42\"],\"m\":\"m\",\"t\":\"track\",\"n\":\"\","
                + "\"at\":1793525400123,\"r\":1793525400123,\"by\":\"client\"}");
    assertThat(roundTrip(small)).isEqualTo(small);
  }

  @Test
  void makesOneMessageForEachOwnerInOrder() {
    List<Event> events = List.of(event("b", "1", "x"), event("a", "2", "x"), event("b", "3", "x"));

    List<String> messages = EventCodec.messages(events);

    assertThat(messages).hasSize(2);
    assertThat(EventCodec.readMessage(messages.get(0)))
        .extracting(Event::messageId)
        .containsExactly("1", "3");
    assertThat(EventCodec.readMessage(messages.get(1)))
        .extracting(Event::messageId)
        .containsExactly("2");
  }

  @Test
  void dividesLongMessages() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(event("a", "m" + i, "é".repeat(15_000)));
    }

    List<String> messages = EventCodec.messages(events);

    assertThat(messages)
        .hasSize(4)
        .allSatisfy(
            message ->
                assertThat(message.getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(EventCodec.MAX_MESSAGE));
    assertThat(messages.stream().flatMap(message -> EventCodec.readMessage(message).stream()))
        .containsExactlyElementsOf(events);
  }

  @Test
  void noEventsMakeNoMessage() {
    assertThat(EventCodec.messages(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[{}]", "[1]", "[{\"o\":[\"userId\"],\"m\":\"1\"}]"})
  void refusesWhatIsNoMessage(String message) {
    assertThatThrownBy(() -> EventCodec.readMessage(message)).isInstanceOf(InvalidDocument.class);
  }

  private static Event roundTrip(Event event) {
    return EventCodec.read(JsonNode.root(Json.readOwn(Json.bytes(EventCodec.write(event)))));
  }

  private static Event event(String userId, String messageId, String name) {
    return new Event(
        user(userId),
        List.of(),
        messageId,
        EventType.TRACK,
        name,
        NOW,
        NOW,
        Trust.CLIENT,
        Fields.EMPTY,
        Fields.EMPTY,
        Fields.EMPTY);
  }

  private static Identifier user(String value) {
    return new Identifier(Namespace.USER_ID, value);
  }
}
