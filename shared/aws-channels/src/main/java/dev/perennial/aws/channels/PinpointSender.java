package dev.perennial.aws.channels;

import dev.perennial.domain.consent.Block;
import dev.perennial.domain.delivery.Address;
import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.ChannelSender;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.pinpoint.PinpointClient;
import software.amazon.awssdk.services.pinpoint.model.Action;
import software.amazon.awssdk.services.pinpoint.model.AddressConfiguration;
import software.amazon.awssdk.services.pinpoint.model.BadRequestException;
import software.amazon.awssdk.services.pinpoint.model.ChannelType;
import software.amazon.awssdk.services.pinpoint.model.DirectMessageConfiguration;
import software.amazon.awssdk.services.pinpoint.model.MessageResult;
import software.amazon.awssdk.services.pinpoint.model.PayloadTooLargeException;
import software.amazon.awssdk.services.pinpoint.model.SendMessagesRequest;

/**
 * Sends text messages and notifications through Pinpoint, to the address itself; Pinpoint's
 * endpoints and segments are not used. The trace id comes back with every event of the message.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-messages.html">SendMessages</a>
 */
final class PinpointSender implements ChannelSender {

  /** What Apple, Firebase and Baidu say of tokens that are none any more. */
  private static final Pattern GONE =
      Pattern.compile(
          "unregistered|not ?registered|bad ?device ?token|invalid ?registration|expired token",
          Pattern.CASE_INSENSITIVE);

  private final PinpointClient pinpoint;
  private final String application;

  /**
   * @param pinpoint without retries
   */
  PinpointSender(PinpointClient pinpoint, String application) {
    this.pinpoint = pinpoint;
    this.application = application;
  }

  @Override
  public Outcome deliver(Message message) {
    String to = message.to().value();
    SendMessagesRequest request =
        SendMessagesRequest.builder()
            .applicationId(application)
            .messageRequest(
                direct ->
                    direct
                        .traceId(message.send())
                        // Comes back with every event of the message.
                        .context(Map.of("sendId", message.send()))
                        .addresses(
                            Map.of(
                                to,
                                AddressConfiguration.builder()
                                    .channelType(type(message.to()))
                                    .build()))
                        .messageConfiguration(configuration(message)))
            .build();
    return ProviderCall.make(
        () ->
            outcome(
                message.to(), pinpoint.sendMessages(request).messageResponse().result().get(to)),
        fault -> fault instanceof BadRequestException || fault instanceof PayloadTooLargeException);
  }

  private static ChannelType type(Address to) {
    return switch (to.kind()) {
      case PHONE -> ChannelType.SMS;
      case FCM -> ChannelType.GCM;
      case APNS -> ChannelType.APNS;
      case BAIDU -> ChannelType.BAIDU;
      case EMAIL -> throw new IllegalArgumentException("Pinpoint is not asked to send email");
    };
  }

  private static DirectMessageConfiguration configuration(Message message) {
    DirectMessageConfiguration.Builder configuration = DirectMessageConfiguration.builder();
    switch (message.rendition()) {
      case Rendition.Sms sms -> configuration.smsMessage(text -> text.body(sms.body()));
      case Rendition.Push push -> {
        Action action = push.url() == null ? Action.OPEN_APP : Action.URL;
        Map<String, String> data = texts(push.data());
        switch (message.to().kind()) {
          case APNS ->
              configuration.apnsMessage(
                  apns ->
                      apns.title(push.title())
                          .body(push.body())
                          .url(push.url())
                          .action(action)
                          .collapseId(push.collapseKey())
                          .data(data));
          case FCM ->
              configuration.gcmMessage(
                  gcm ->
                      gcm.title(push.title())
                          .body(push.body())
                          .url(push.url())
                          .action(action)
                          .collapseKey(push.collapseKey())
                          .data(data));
          case BAIDU ->
              configuration.baiduMessage(
                  baidu ->
                      baidu
                          .title(push.title())
                          .body(push.body())
                          .url(push.url())
                          .action(action)
                          .data(data));
          case EMAIL, PHONE -> throw new IllegalArgumentException("no device has such an address");
        }
      }
      case Rendition.Email _ ->
          throw new IllegalArgumentException("Pinpoint is not asked to send email");
    }
    return configuration.build();
  }

  private static Outcome outcome(Address to, @Nullable MessageResult result) {
    if (result == null) {
      return new Outcome.Unknown("the answer does not name the address");
    }
    String detail = result.deliveryStatusAsString() + " " + result.statusMessage();
    return switch (result.deliveryStatus()) {
      case SUCCESSFUL ->
          new Outcome.Sent(String.valueOf(result.messageId()), result.updatedToken());
      case THROTTLED -> new Outcome.Retryable(detail);
      case PERMANENT_FAILURE ->
          new Outcome.Refused(detail, isGone(to, result) ? Block.Reason.HARD_BOUNCE : null);
      case OPT_OUT -> new Outcome.Refused(detail, Block.Reason.STOP);
      case DUPLICATE -> new Outcome.Refused(detail);
      // Pinpoint handed it on, or may have.
      case TEMPORARY_FAILURE, UNKNOWN_FAILURE, UNKNOWN_TO_SDK_VERSION ->
          new Outcome.Unknown(detail);
    };
  }

  /**
   * Whether the device is reached under that token no more, as against a channel that is not set up
   * or a message that is not right.
   */
  private static boolean isGone(Address to, MessageResult result) {
    int status = result.statusCode() == null ? 0 : result.statusCode();
    return to.channel() == Channel.PUSH
        && (status == 404 || status == 410 || GONE.matcher("" + result.statusMessage()).find());
  }

  private static Map<String, String> texts(Fields data) {
    Map<String, String> texts = new LinkedHashMap<>();
    data.fields()
        .forEach(
            (name, value) -> {
              if (value instanceof Text text) {
                texts.put(name, text.text());
              }
            });
    return texts;
  }
}
