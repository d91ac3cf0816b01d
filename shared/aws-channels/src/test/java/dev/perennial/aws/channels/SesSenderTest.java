package dev.perennial.aws.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Rendition;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What goes to SES. */
class SesSenderTest {

  private static final Address ANN = new Address(Address.Kind.EMAIL, "ann@example.com");
  private static final Rendition HI = new Rendition.Email("Hi", null, "Hi");

  @Test
  void anEmailHasOneRecipientTheIdAndTheConfigurationSet() throws IOException {
    try (HonestProvider ses = new HonestProvider()) {
      Outcome outcome = ses.deliver(new Message("send1", ANN, HI), "{\"MessageId\":\"m1\"}");

      assertThat(outcome).isEqualTo(new Outcome.Sent("m1"));
      assertThat(ses.asked())
          .contains(
              "\"ToAddresses\":[\"ann@example.com\"]",
              "\"ConfigurationSetName\":\"emails\"",
              "\"EmailTags\":[{\"Name\":\"sendId\",\"Value\":\"send1\"}]")
          .doesNotContain("List-Unsubscribe", "CcAddresses", "BccAddresses");
    }
  }

  @Test
  void bulkMailCanBeEndedWithOneClick() throws IOException {
    try (HonestProvider ses = new HonestProvider()) {
      ses.deliver(
          new Message("send1", ANN, HI, new Message.Bulk("our news", "https://p.example/u/t")),
          "{\"MessageId\":\"m1\"}");

      assertThat(ses.asked())
          .contains(
              "{\"Name\":\"List-Unsubscribe\",\"Value\":\"<https://p.example/u/t>\"}",
              "{\"Name\":\"List-Unsubscribe-Post\",\"Value\":\"List-Unsubscribe=One-Click\"}",
              "{\"Name\":\"List-ID\",\"Value\":\"<our-news.p.example>\"}");
    }
  }
}
