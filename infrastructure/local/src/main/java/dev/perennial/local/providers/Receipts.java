package dev.perennial.local.providers;

import dev.perennial.local.providers.InboxMessage.Channel;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the stand-ins have to tell of the messages that they accepted, in the words of the real
 * services, until it is told at the next whole minute. An email to {@code
 * bounce@simulator.amazonses.com} bounces and one to {@code complaint@simulator.amazonses.com} is
 * complained about, with or without a {@code +label}, as at SES; all others arrive. Of push nothing
 * more is told than the answer to the call. Safe for use by many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html">The
 *     mailbox simulator</a>
 */
public final class Receipts {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String SIMULATOR = "@simulator.amazonses.com";

  private final List<String> untold = new ArrayList<>();

  /** Takes what was not told yet: messages for the queue {@code receipts}. */
  public synchronized List<String> take() {
    List<String> taken = List.copyOf(untold);
    untold.clear();
    return taken;
  }

  synchronized void accepted(InboxMessage message) {
    String sendId = message.sendId();
    if (sendId == null || message.channel() == Channel.PUSH) {
      return;
    }
    untold.add(message.channel() == Channel.EMAIL ? email(message, sendId) : sms(message, sendId));
  }

  private static String email(InboxMessage message, String sendId) {
    String type = type(message.to());
    return written(
        json -> {
          json.writeStringProperty("version", "0");
          json.writeStringProperty("id", UUID.randomUUID().toString());
          json.writeStringProperty("detail-type", "Email " + type);
          json.writeStringProperty("source", "aws.ses");
          json.writeObjectPropertyStart("detail");
          json.writeStringProperty("eventType", type);
          json.writeObjectPropertyStart("mail");
          json.writeStringProperty("messageId", message.id());
          json.writeStringProperty("timestamp", message.at().toString());
          json.writeArrayPropertyStart("destination");
          json.writeString(message.to());
          json.writeEndArray();
          json.writeObjectPropertyStart("tags");
          json.writeArrayPropertyStart("sendId");
          json.writeString(sendId);
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndObject();
          json.writeObjectPropertyStart(type.toLowerCase(Locale.ROOT));
          json.writeStringProperty("timestamp", message.at().toString());
          if (type.equals("Bounce")) {
            json.writeStringProperty("bounceType", "Permanent");
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static String type(String to) {
    if (!to.endsWith(SIMULATOR)) {
      return "Delivery";
    }
    String mailbox = to.substring(0, to.length() - SIMULATOR.length()).replaceAll("\\+.*", "");
    return switch (mailbox) {
      case "bounce" -> "Bounce";
      case "complaint" -> "Complaint";
      default -> "Delivery";
    };
  }

  private static String sms(InboxMessage message, String sendId) {
    return written(
        json -> {
          json.writeStringProperty("eventType", "TEXT_DELIVERED");
          json.writeNumberProperty("eventTimestamp", message.at().toEpochMilli());
          json.writeStringProperty("messageId", message.id());
          json.writeStringProperty("messageStatus", "DELIVERED");
          json.writeStringProperty("destinationPhoneNumber", message.to());
          json.writeObjectPropertyStart("context");
          json.writeStringProperty("sendId", sendId);
          json.writeEndObject();
        });
  }

  private interface Members {
    void writeTo(JsonGenerator json);
  }

  private static String written(Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      members.writeTo(json);
      json.writeEndObject();
    }
    return out.toString();
  }
}
