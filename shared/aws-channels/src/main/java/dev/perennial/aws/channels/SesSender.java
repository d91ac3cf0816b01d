package dev.perennial.aws.channels;

import dev.perennial.domain.delivery.ChannelSender;
import dev.perennial.domain.delivery.Message;
import dev.perennial.domain.delivery.Outcome;
import dev.perennial.domain.delivery.Rendition;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.BadRequestException;
import software.amazon.awssdk.services.sesv2.model.Body;
import software.amazon.awssdk.services.sesv2.model.Content;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;
import software.amazon.awssdk.services.sesv2.model.MessageRejectedException;
import software.amazon.awssdk.services.sesv2.model.MessageTag;
import software.amazon.awssdk.services.sesv2.model.SendEmailRequest;

/**
 * Sends email through SES v2, one recipient a call. The tag {@code sendId} comes back with every
 * event of the message.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html">SendEmail</a>
 */
final class SesSender implements ChannelSender {

  private final SesV2Client ses;
  private final String from;
  private final @Nullable String configurationSet;

  /**
   * @param ses without retries
   * @param from a verified address, with or without a name
   * @param configurationSet that publishes events; null for none
   */
  SesSender(SesV2Client ses, String from, @Nullable String configurationSet) {
    this.ses = ses;
    this.from = from;
    this.configurationSet = configurationSet;
  }

  @Override
  public Outcome deliver(Message message) {
    if (!(message.rendition() instanceof Rendition.Email email)) {
      throw new IllegalArgumentException("SES sends email, not " + message.to().channel());
    }
    SendEmailRequest request =
        SendEmailRequest.builder()
            .fromEmailAddress(from)
            .destination(to -> to.toAddresses(message.to().value()))
            .configurationSetName(configurationSet)
            .emailTags(MessageTag.builder().name("sendId").value(message.send()).build())
            .content(
                content ->
                    content.simple(
                        simple ->
                            simple
                                .subject(text(email.subject()))
                                .body(body(email))
                                .headers(headers(message))))
            .build();
    return ProviderCall.make(
        () -> new Outcome.Sent(ses.sendEmail(request).messageId()),
        fault -> fault instanceof MessageRejectedException || fault instanceof BadRequestException);
  }

  /**
   * What lets a mail program offer to end bulk mail with one click.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058</a>
   */
  private static List<MessageHeader> headers(Message message) {
    Message.Bulk bulk = message.bulk();
    if (bulk == null) {
      return List.of();
    }
    // A list's name is a dot-atom, and a topic any text.
    String list = bulk.topic().replaceAll("[^A-Za-z0-9-]+", "-");
    return List.of(
        header("List-Unsubscribe", "<" + bulk.unsubscribe() + ">"),
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        header("List-ID", "<" + list + "." + URI.create(bulk.unsubscribe()).getHost() + ">"));
  }

  private static MessageHeader header(String name, String value) {
    return MessageHeader.builder().name(name).value(value).build();
  }

  private static Body body(Rendition.Email email) {
    Body.Builder body = Body.builder();
    if (email.html() != null) {
      body.html(text(email.html()));
    }
    if (email.text() != null) {
      body.text(text(email.text()));
    }
    return body.build();
  }

  private static Content text(String text) {
    return Content.builder().charset("UTF-8").data(text).build();
  }
}
