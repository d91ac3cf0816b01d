package dev.perennial.local.providers;

import dev.perennial.local.providers.InboxMessage.Channel;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Stands in for SES version 2's {@code SendEmail} with simple and raw content. An email to several
 * recipients becomes one inbox message for each; all carry SES's one message id as their header
 * {@code Message-ID}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html">SendEmail</a>
 */
final class Ses {

  /** Header in which a sender may put its own id instead of an email tag named {@code sendId}. */
  private static final String SEND_HEADER = "X-Perennial-Send";

  /** What SES allows in the name and value of an email tag. */
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_.@-]{1,256}");

  private final Inbox inbox;
  private final InstantSource clock;

  Ses(Inbox inbox, InstantSource clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Accepts an email. */
  Reply sendEmail(byte[] body) {
    try {
      return send(JsonValue.read(body), body);
    } catch (JacksonException _) {
      return badRequest("The request is not JSON");
    }
  }

  private Reply send(JsonValue request, byte[] body) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (JsonValue tag : request.at("EmailTags").items()) {
      String name = tag.at("Name").text();
      String value = tag.at("Value").text();
      if (name == null
          || value == null
          || !TAG.matcher(name).matches()
          || !TAG.matcher(value).matches()) {
        return badRequest("Email tags take ASCII letters, digits and _.@- only");
      }
      tags.put(name, value);
    }
    JsonValue simple = request.at("Content", "Simple");
    String raw = request.at("Content", "Raw", "Data").text();
    Mail mail;
    if (raw != null) {
      try {
        mail = raw(request, MimeMessage.parse(Base64.getDecoder().decode(raw)));
      } catch (IllegalArgumentException _) {
        return badRequest("The raw message is not base64");
      }
    } else if (simple.members().isEmpty()) {
      return badRequest("Simple or raw content is required");
    } else {
      mail = simple(request, simple);
    }
    if (mail.from() == null) {
      return badRequest("FromEmailAddress is required");
    }
    if (mail.recipients().isEmpty()) {
      return badRequest("A destination is required");
    }
    String messageId = UUID.randomUUID().toString();
    String sendId = tags.getOrDefault("sendId", mail.headers().get(SEND_HEADER));
    record(mail, messageId, sendId, body);
    return Reply.ok("{\"MessageId\":\"" + messageId + "\"}");
  }

  private void record(Mail mail, String messageId, @Nullable String sendId, byte[] body) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(mail.headers());
    headers.put("Message-ID", "<" + messageId + "@email.amazonses.com>");
    String id = messageId;
    for (String to : mail.recipients()) {
      inbox.add(
          new InboxMessage(
              id,
              Channel.EMAIL,
              to,
              clock.instant(),
              sendId,
              mail.subject(),
              mail.html(),
              mail.text(),
              null,
              null,
              headers),
          body);
      id = UUID.randomUUID().toString();
    }
  }

  private static Mail simple(JsonValue request, JsonValue simple) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String from = request.at("FromEmailAddress").text();
    if (from != null) {
      headers.put("From", from);
    }
    List<String> replyTo = request.at("ReplyToAddresses").texts();
    if (!replyTo.isEmpty()) {
      headers.put("Reply-To", String.join(", ", replyTo));
    }
    for (JsonValue header : simple.at("Headers").items()) {
      String name = header.at("Name").text();
      String value = header.at("Value").text();
      if (name != null && value != null) {
        headers.put(name, value);
      }
    }
    return new Mail(
        from,
        recipients(request),
        simple.at("Subject", "Data").text(),
        simple.at("Body", "Html", "Data").text(),
        simple.at("Body", "Text", "Data").text(),
        headers);
  }

  private static Mail raw(JsonValue request, MimeMessage message) {
    List<String> recipients = recipients(request);
    String to = message.headers().get("To");
    if (recipients.isEmpty() && to != null) {
      recipients = List.of(to.split("\\s*,\\s*", -1));
    }
    String from =
        JsonValue.firstText(
            request.at("FromEmailAddress"), new JsonValue(message.headers().get("From")));
    return new Mail(
        from,
        recipients,
        message.headers().get("Subject"),
        message.html(),
        message.text(),
        message.headers());
  }

  private static List<String> recipients(JsonValue request) {
    List<String> recipients = new ArrayList<>();
    for (String kind : List.of("ToAddresses", "CcAddresses", "BccAddresses")) {
      recipients.addAll(request.at("Destination", kind).texts());
    }
    return recipients;
  }

  private static Reply badRequest(String message) {
    return Reply.error(400, "BadRequestException", message);
  }

  /** An email apart from the form in which it came. */
  private record Mail(
      @Nullable String from,
      List<String> recipients,
      @Nullable String subject,
      @Nullable String html,
      @Nullable String text,
      Map<String, String> headers) {}
}
