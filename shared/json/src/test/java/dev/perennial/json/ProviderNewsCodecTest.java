package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.ProviderNews;
import dev.perennial.domain.delivery.ProviderNews.Fate;
import dev.perennial.domain.delivery.ProviderNews.Nothing;
import dev.perennial.domain.delivery.ProviderNews.Reply;
import dev.perennial.domain.delivery.Receipt;
import dev.perennial.domain.delivery.Receipt.Kind;
import dev.perennial.domain.value.Value.Text;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderNewsCodecTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");

  private static final Address EMAIL = new Address(Address.Kind.EMAIL, "ann@example.com");
  private static final Address PHONE = new Address(Address.Kind.PHONE, "+4915112345678");

  private static ProviderNews read(String message) {
    return ProviderNewsCodec.readMessage(message, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "Delivery, delivery, Permanent, DELIVERED, ",
    "Bounce, bounce, Permanent, BOUNCED, Permanent",
    "Bounce, bounce, Transient, FAILED, Transient",
    "Complaint, complaint, Permanent, COMPLAINED, ",
  })
  void readsWhatSesTells(String type, String part, String bounce, Kind kind, String detail) {
    String event =
        """
        {"source":"aws.ses","detail-type":"Email","detail":{"eventType":"%s",
         "mail":{"messageId":"m1","destination":["ann@example.com"],"tags":{"sendId":["s1"],"ses:from-domain":["x"]}},
         "%s":{"timestamp":"2026-11-01T09:00:00.5Z","bounceType":"%s"}}}\
        """
            .formatted(type, part, bounce);

    assertThat(read(event))
        .isEqualTo(
            new Fate(
                new Receipt("s1", kind, Instant.parse("2026-11-01T09:00:00.5Z"), detail),
                "m1",
                EMAIL));
    String sns = "{\"Type\":\"Notification\",\"Message\":" + Json.text(new Text(event)) + "}";
    assertThat(read(sns)).isEqualTo(read(event));
  }

  @Test
  void whoSaysThatItIsNoSpamHasItAndComplainsOfNothing() {
    String event =
        """
        {"detail":{"eventType":"Complaint","mail":{"messageId":"m1","destination":["ann@example.com"],"tags":{"sendId":["s1"]}},
         "complaint":{"timestamp":"2026-11-01T09:00:00Z","complaintFeedbackType":"%s"}}}\
        """;
    Instant at = Instant.parse("2026-11-01T09:00:00Z");

    assertThat(read(event.formatted("not-spam")))
        .isEqualTo(new Fate(new Receipt("s1", Kind.DELIVERED, at, null), "m1", EMAIL));
    assertThat(read(event.formatted("abuse")))
        .isEqualTo(new Fate(new Receipt("s1", Kind.COMPLAINED, at, null), "m1", EMAIL));
  }

  @Test
  void readsWhatTheSmsServiceTells() {
    assertThat(
            read(
                "{\"eventType\":\"TEXT_INVALID\",\"eventTimestamp\":1793525400000,"
                    + "\"messageId\":\"m1\",\"destinationPhoneNumber\":\"+4915112345678\",\"context\":{\"sendId\":\"s1\"}}"))
        .isEqualTo(new Fate(new Receipt("s1", Kind.BOUNCED, NOW, "TEXT_INVALID"), "m1", PHONE));
    assertThat(read("{\"originationNumber\":\"+4915112345678\",\"messageBody\":\"stop\"}"))
        .isEqualTo(new Reply(PHONE, "stop", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"detail\":{\"eventType\":\"Delivery\",\"mail\":{\"messageId\":\"m\",\"tags\":{}}}}",
        "{\"detail\":{\"eventType\":\"Open\",\"mail\":{\"messageId\":\"m\",\"destination\":[\"a@b.cd\"],\"tags\":{\"sendId\":[\"s\"]}}}}",
        "{\"eventType\":\"TEXT_QUEUED\",\"messageId\":\"m\",\"context\":{\"sendId\":\"s\"}}"
      })
  void passesOverWhatChangesNothing(String message) {
    assertThat(read(message)).isEqualTo(new Nothing());
  }

  @Test
  void refusesWhatIsNoNews() {
    assertThatThrownBy(() -> read("no")).isInstanceOf(JsonProblem.class);
    assertThatThrownBy(() -> read("[]")).isInstanceOf(InvalidDocument.class);
  }
}
