package dev.perennial.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.local.meter.Meter;
import dev.perennial.local.providers.InboxMessage;
import dev.perennial.local.providers.InboxMessage.Channel;
import dev.perennial.local.providers.ProviderFaults.Fault;
import dev.perennial.local.providers.Providers;
import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import dev.perennial.topology.Topology;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.pinpoint.PinpointClient;
import software.amazon.awssdk.services.pinpoint.model.AddressConfiguration;
import software.amazon.awssdk.services.pinpoint.model.ChannelType;
import software.amazon.awssdk.services.pinpoint.model.DeliveryStatus;
import software.amazon.awssdk.services.pinpoint.model.MessageRequest;
import software.amazon.awssdk.services.pinpoint.model.MessageResult;
import software.amazon.awssdk.services.pinpoint.model.PinpointException;
import software.amazon.awssdk.services.pinpoint.model.TooManyRequestsException;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.BadRequestException;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;
import software.amazon.awssdk.services.sesv2.model.MessageTag;
import software.amazon.awssdk.services.sesv2.model.SendEmailRequest;
import software.amazon.awssdk.services.sesv2.model.SesV2Exception;

/** The stand-ins, called by the SDK through the gateway of the function that sends. */
class ProvidersTest {

  private static final Instant NOW = Instant.parse("1997-06-30T23:59:59Z");

  private final JsonProtocol nobody = new JsonProtocol(URI.create("http://127.0.0.1:9"), "None");
  private final Providers providers = new Providers(InstantSource.fixed(NOW));
  private final Gateway gateway =
      Gateway.start(
          sender(),
          nobody,
          nobody,
          providers,
          new Meter((_, _) -> Fields.EMPTY),
          new Unsettled(),
          "http://localhost");
  private final PinpointClient pinpoint = Sdk.client(PinpointClient.builder(), gateway.uri());
  private final SesV2Client ses = Sdk.client(SesV2Client.builder(), gateway.uri());

  @AfterEach
  void close() {
    pinpoint.close();
    ses.close();
    gateway.close();
    nobody.close();
  }

  @Test
  void anSmsArrivesDecoded() {
    MessageResult result =
        send(sms("+8613800138000", "Xin chào, 你好", "send-1")).get("+8613800138000");

    assertThat(result.deliveryStatus()).isEqualTo(DeliveryStatus.SUCCESSFUL);
    assertThat(result.statusCode()).isEqualTo(200);
    InboxMessage message = only();
    assertThat(message.id()).isEqualTo(result.messageId());
    assertThat(message.channel()).isEqualTo(Channel.SMS);
    assertThat(message.to()).isEqualTo("+8613800138000");
    assertThat(message.at()).isEqualTo(NOW);
    assertThat(message.sendId()).isEqualTo("send-1");
    assertThat(message.body()).isEqualTo("Xin chào, 你好");
  }

  @Test
  void aPushTakesFromTheDefaultMessageWhatItsPlatformLeavesOut() {
    AddressConfiguration android =
        AddressConfiguration.builder()
            .channelType(ChannelType.GCM)
            .context(Map.of("sendId", "send-2"))
            .build();
    send(
        MessageRequest.builder()
            .addresses(Map.of("token", android))
            .messageConfiguration(
                messages ->
                    messages
                        .defaultPushNotificationMessage(
                            push -> push.title("Hello").body("World").url("https://example.com"))
                        .gcmMessage(gcm -> gcm.body("Android").data(Map.of("k", "v"))))
            .build());

    InboxMessage message = only();
    assertThat(message.channel()).isEqualTo(Channel.PUSH);
    assertThat(message.sendId()).isEqualTo("send-2");
    assertThat(message.title()).isEqualTo("Hello");
    assertThat(message.body()).isEqualTo("Android");
    assertThat(message.headers()).isEqualTo(Map.of("url", "https://example.com", "k", "v"));
  }

  @Test
  void rawPushContentIsDecoded() {
    String raw = "{\"aps\":{\"alert\":{\"title\":\"T\",\"body\":\"B\"}}}";
    send(
        MessageRequest.builder()
            .addresses(Map.of("token", address(ChannelType.APNS)))
            .messageConfiguration(messages -> messages.apnsMessage(apns -> apns.rawContent(raw)))
            .build());

    assertThat(only().title()).isEqualTo("T");
    assertThat(only().body()).isEqualTo("B");
  }

  @Test
  void anAddressThatCannotBeReachedFailsAlone() {
    Map<String, MessageResult> results =
        send(
            MessageRequest.builder()
                .addresses(
                    Map.of(
                        "12", address(ChannelType.SMS), "+491701234567", address(ChannelType.SMS)))
                .messageConfiguration(messages -> messages.smsMessage(text -> text.body("x")))
                .build());

    assertThat(results.get("12").deliveryStatus()).isEqualTo(DeliveryStatus.PERMANENT_FAILURE);
    assertThat(results.get("+491701234567").deliveryStatus()).isEqualTo(DeliveryStatus.SUCCESSFUL);
    assertThat(only().to()).isEqualTo("+491701234567");
  }

  @Test
  void aSimpleEmailArrivesDecoded() {
    String messageId = ses.sendEmail(email("a@example.com", "send-3")).messageId();

    InboxMessage message = only();
    assertThat(message.id()).isEqualTo(messageId);
    assertThat(message.channel()).isEqualTo(Channel.EMAIL);
    assertThat(message.to()).isEqualTo("a@example.com");
    assertThat(message.sendId()).isEqualTo("send-3");
    assertThat(message.subject()).isEqualTo("Grüße");
    assertThat(message.html()).isEqualTo("<p>Hi</p>");
    assertThat(message.text()).isEqualTo("Hi");
    assertThat(message.headers())
        .containsEntry("From", "hello@perennial.example")
        .containsEntry("List-Unsubscribe", "<https://example.com/u/1>");
  }

  @Test
  void aRawEmailArrivesDecoded() {
    String mime =
        """
        From: hello@perennial.example
        To: a@example.com
        Subject: =?UTF-8?B?R3LDvMOfZQ==?=
        X-Perennial-Send: send-4
        Content-Type: multipart/alternative; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Gr=C3=BC=C3=9Fe
        --b
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        PHA+SGk8L3A+
        --b--
        """;
    ses.sendEmail(
        send ->
            send.content(content -> content.raw(raw -> raw.data(SdkBytes.fromUtf8String(mime)))));

    InboxMessage message = only();
    assertThat(message.to()).isEqualTo("a@example.com");
    assertThat(message.sendId()).isEqualTo("send-4");
    assertThat(message.subject()).isEqualTo("Grüße");
    assertThat(message.text()).isEqualTo("Grüße");
    assertThat(message.html()).isEqualTo("<p>Hi</p>");
  }

  @Test
  void anEmailTagThatSesWouldRefuseIsRefused() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> ses.sendEmail(email("a@example.com", "send:5")));
    assertThat(providers.inbox().list(null, null)).isEmpty();
  }

  @Test
  void theInboxFiltersShowsTheRequestAndForgets() {
    ses.sendEmail(email("a@example.com", "1"));
    ses.sendEmail(email("b@example.com", "2"));
    send(sms("+491701234567", "x", "3"));

    assertThat(providers.inbox().list(null, null))
        .extracting(InboxMessage::sendId)
        .containsExactly("1", "2", "3");
    assertThat(providers.inbox().list("email", "b@example.com"))
        .extracting(InboxMessage::sendId)
        .containsExactly("2");
    String id = providers.inbox().list("email", null).getFirst().id();
    assertThat(new String(providers.inbox().raw(id).orElseThrow(), StandardCharsets.UTF_8))
        .contains("\"ToAddresses\":[\"a@example.com\"]");
    providers.inbox().clear();
    assertThat(providers.inbox().list(null, null)).isEmpty();
    assertThat(providers.inbox().raw(id)).isEmpty();
  }

  @Test
  void aLostReplyIsAcceptedOnceAndNotAnswered() {
    providers.faults().arm(Grant.Provider.SES, Fault.LOST_REPLY, 1);

    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> ses.sendEmail(email("a@example.com", "lost")));

    assertThat(only().sendId()).isEqualTo("lost");
  }

  @Test
  void aResetIsNotAccepted() {
    providers.faults().arm(Grant.Provider.PINPOINT, Fault.RESET, 1);

    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> send(sms("+491701234567", "x", "1")));

    assertThat(providers.inbox().list(null, null)).isEmpty();
  }

  @Test
  void aSlowAnswerComesAfterTheSenderGaveUp() {
    providers.faults().arm(Grant.Provider.SES, Fault.SLOW, 1);

    try (SesV2Client hasty =
        Sdk.client(SesV2Client.builder(), gateway.uri(), Duration.ofSeconds(2))) {
      assertThatExceptionOfType(SdkClientException.class)
          .isThrownBy(() -> hasty.sendEmail(email("a@example.com", "slow")));
    }

    assertThat(only().sendId()).isEqualTo("slow");
  }

  @Test
  void refusalsAreTheProvidersOwn() {
    providers.faults().arm(Grant.Provider.PINPOINT, Fault.THROTTLE, 1);
    providers.faults().arm(Grant.Provider.PINPOINT, Fault.SERVER_ERROR, 1);
    providers.faults().arm(Grant.Provider.SES, Fault.THROTTLE, 1);
    providers.faults().arm(Grant.Provider.SES, Fault.SERVER_ERROR, 1);

    assertThatExceptionOfType(TooManyRequestsException.class)
        .isThrownBy(() -> send(sms("+491701234567", "x", "1")));
    assertThatExceptionOfType(PinpointException.class)
        .isThrownBy(() -> send(sms("+491701234567", "x", "1")))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(500));
    assertThatExceptionOfType(
            software.amazon.awssdk.services.sesv2.model.TooManyRequestsException.class)
        .isThrownBy(() -> ses.sendEmail(email("a@example.com", "1")));
    assertThatExceptionOfType(SesV2Exception.class)
        .isThrownBy(() -> ses.sendEmail(email("a@example.com", "1")))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(500));
    assertThat(providers.inbox().list(null, null)).isEmpty();

    ses.sendEmail(email("a@example.com", "after"));
    assertThat(only().sendId()).isEqualTo("after");
  }

  private InboxMessage only() {
    List<InboxMessage> messages = providers.inbox().list(null, null);
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  private Map<String, MessageResult> send(MessageRequest request) {
    return pinpoint
        .sendMessages(send -> send.applicationId("local").messageRequest(request))
        .messageResponse()
        .result();
  }

  private static MessageRequest sms(String to, String text, String sendId) {
    return MessageRequest.builder()
        .traceId(sendId)
        .addresses(Map.of(to, address(ChannelType.SMS)))
        .messageConfiguration(messages -> messages.smsMessage(message -> message.body(text)))
        .build();
  }

  private static AddressConfiguration address(ChannelType type) {
    return AddressConfiguration.builder().channelType(type).build();
  }

  private static SendEmailRequest email(String to, String sendId) {
    return SendEmailRequest.builder()
        .fromEmailAddress("hello@perennial.example")
        .destination(destination -> destination.toAddresses(to))
        .emailTags(MessageTag.builder().name("sendId").value(sendId).build())
        .content(
            content ->
                content.simple(
                    simple ->
                        simple
                            .subject(subject -> subject.data("Grüße"))
                            .body(
                                body ->
                                    body.html(html -> html.data("<p>Hi</p>"))
                                        .text(text -> text.data("Hi")))
                            .headers(
                                MessageHeader.builder()
                                    .name("List-Unsubscribe")
                                    .value("<https://example.com/u/1>")
                                    .build())))
        .build();
  }

  private static Function sender() {
    return Topology.functions().stream()
        .filter(function -> function.name().equals("SendMessage"))
        .findFirst()
        .orElseThrow();
  }
}
