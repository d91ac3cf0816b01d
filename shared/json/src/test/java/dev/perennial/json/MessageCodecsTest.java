package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.SendRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.Trust;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.journey.Trigger;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Series;
import dev.perennial.domain.segment.Series.Point;
import dev.perennial.domain.segment.Transition;
import dev.perennial.domain.timer.Due;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessageCodecsTest {

  private static final PersonId ANN = new PersonId("ann");
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");

  @Test
  void triggersComeBackAsTheyWent() {
    Event event =
        new Event(
            new Identifier(Namespace.USER_ID, "42"),
            List.of(),
            "m-1",
            EventType.TRACK,
            "Pinged",
            AT,
            AT,
            Trust.SERVER,
            new Fields(Map.of("total", Num.of(3))),
            Fields.EMPTY,
            Fields.EMPTY);
    Trigger ofEvent = new Trigger.OfEvent(ANN, event);
    Trigger ofTransition =
        new Trigger.OfTransition(new Transition(ANN, new SegmentId("vip"), 3, AT, Cause.TIME));

    assertThat(TriggerCodec.readMessage(TriggerCodec.writeMessage(ofEvent))).isEqualTo(ofEvent);
    assertThat(TriggerCodec.readMessage(TriggerCodec.writeMessage(ofTransition)))
        .isEqualTo(ofTransition);
  }

  @Test
  void timersComeBackAsTheyWent() {
    Due person = Due.ofPerson(ANN, AT);
    Due enrollment = Due.ofEnrollment(ANN, "welcome/abc", AT);

    assertThat(DueCodec.readMessage(DueCodec.writeMessage(person))).isEqualTo(person);
    assertThat(DueCodec.readMessage(DueCodec.writeMessage(enrollment))).isEqualTo(enrollment);
    String together = DueCodec.writeTogether(List.of(person, enrollment));
    assertThat(DueCodec.isTogether(together)).isTrue();
    assertThat(DueCodec.isTogether(DueCodec.writeMessage(person))).isFalse();
    assertThat(DueCodec.readTogether(together)).containsExactly(person, enrollment);
  }

  @Test
  void wishesToSendComeBackAsTheyWent() {
    SendRequest request =
        new SendRequest(
            ANN,
            "journey:welcome",
            "mail",
            "o1",
            "once",
            "hello",
            List.of(Channel.PUSH, Channel.EMAIL),
            "news",
            null,
            new Fields(Map.of("code", new Text("1"))),
            AT,
            AT.plusSeconds(1),
            true,
            "website");

    assertThat(SendRequestCodec.readMessage(SendRequestCodec.writeMessage(request)))
        .isEqualTo(request);
  }

  @Test
  void profileChangesComeBackAsTheyWent() {
    ProfileChange change = new ProfileChange(ANN, Cause.MERGE);

    assertThat(ProfileChangeCodec.readMessage(ProfileChangeCodec.writeMessage(change)))
        .isEqualTo(change);
  }

  @Test
  void somethingElseIsRefused() {
    assertThatThrownBy(() -> TriggerCodec.readMessage("{}")).isInstanceOf(InvalidDocument.class);
    assertThatThrownBy(() -> DueCodec.readMessage("{\"kind\":\"x\"}"))
        .isInstanceOf(InvalidDocument.class);
    assertThatThrownBy(() -> ProfileChangeCodec.readMessage("{")).isInstanceOf(JsonProblem.class);
  }

  @Test
  void seriesComeBackAsTheyWent() {
    Series series = Series.EMPTY;
    for (int i = 0; i < Series.EXACT + 20; i++) {
      series = series.plus(AT.plusSeconds(1800L * i).plusNanos(i), Point.ONE);
    }
    series = series.plus(AT.plusSeconds(1800), Point.of(new BigDecimal("1.50")));
    series = series.plus(AT.plusSeconds(900_000), Point.of(new BigDecimal("-3.25")));
    series = series.plus(AT.plusSeconds(900_000), Point.of(new BigDecimal("7")));
    series = series.plus(Instant.parse("1969-12-31T23:59:58.500Z"), Point.of(BigDecimal.TEN));

    assertThat(SeriesCodec.read(SeriesCodec.write(series))).isEqualTo(series);
  }
}
