package dev.perennial.aws.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.value.Value.Fields;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to Pinpoint, and what its answers mean. */
class PinpointSenderTest {

  private String asked = "";

  private Outcome push(Address.Kind kind, String result) throws IOException {
    Message message =
        new Message(
            "send1",
            new Address(kind, "token"),
            new Rendition.Push("Hi", "There", "https://x.example", "cart", Fields.EMPTY));
    try (HonestProvider pinpoint = new HonestProvider()) {
      Outcome outcome = pinpoint.deliver(message, "{\"Result\":{\"token\":" + result + "}}");
      asked = pinpoint.asked();
      return outcome;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FCM   | GCM   | \"GCMMessage\":{   | \"CollapseKey\":\"cart\"",
        "APNS  | APNS  | \"APNSMessage\":{  | \"CollapseId\":\"cart\"",
        "BAIDU | BAIDU | \"BaiduMessage\":{ | \"Title\":\"Hi\"",
      })
  void eachPlatformGetsItsOwnMessage(
      Address.Kind kind, String channel, String message, String words) throws IOException {
    Outcome outcome =
        push(kind, "{\"DeliveryStatus\":\"SUCCESSFUL\",\"StatusCode\":200,\"MessageId\":\"m1\"}");

    assertThat(outcome).isEqualTo(new Outcome.Sent("m1"));
    assertThat(asked)
        .contains("\"ChannelType\":\"" + channel + "\"", message, words, "\"TraceId\":\"send1\"");
  }

  @Test
  void aRenewedTokenComesBack() throws IOException {
    assertThat(
            push(
                Address.Kind.FCM,
                "{\"DeliveryStatus\":\"SUCCESSFUL\",\"MessageId\":\"m1\",\"UpdatedToken\":\"t2\"}"))
        .isEqualTo(new Outcome.Sent("m1", "t2"));
  }

  @ParameterizedTest
  @CsvSource({
    "PERMANENT_FAILURE, 410, Unregistered or expired token, HARD_BOUNCE",
    "PERMANENT_FAILURE, 400, BadDeviceToken,                HARD_BOUNCE",
    "PERMANENT_FAILURE, 400, Channel is not enabled,        ",
    "OPT_OUT,           200, opted out,                     STOP",
    "DUPLICATE,         200, twice,                         ",
  })
  void whatIsRefusedForGoodSaysWhetherTheTokenIs(
      String status, int code, String words, Block.Reason block) throws IOException {
    Outcome outcome =
        push(
            Address.Kind.FCM,
            "{\"DeliveryStatus\":\"%s\",\"StatusCode\":%d,\"StatusMessage\":\"%s\"}"
                .formatted(status, code, words));

    assertThat(outcome).isEqualTo(new Outcome.Refused(status + " " + words, block));
  }
}
