package dev.perennial.local.providers;

import dev.perennial.local.providers.InboxMessage.Channel;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Stands in for Amazon Pinpoint's {@code SendMessages} to raw addresses by SMS and push.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-messages.html">SendMessages</a>
 */
final class Pinpoint {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_ADDRESSES = 100;
  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

  /** Device tokens that begin so are no more, or are another one from now on: the rest of it. */
  private static final String EXPIRED = "expired-";

  private static final String RENEWED = "renewed-";

  private final Inbox inbox;
  private final InstantSource clock;

  Pinpoint(Inbox inbox, InstantSource clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Accepts one message per address; an address that cannot be reached fails alone. */
  Reply sendMessages(String path, byte[] body) {
    JsonValue request;
    try {
      request = JsonValue.read(body);
    } catch (JacksonException _) {
      return Reply.error(400, "BadRequestException", "The request is not JSON");
    }
    Map<String, JsonValue> addresses = request.at("Addresses").members();
    if (addresses.isEmpty()) {
      return Reply.error(400, "BadRequestException", "Addresses are required");
    }
    if (addresses.size() > MAX_ADDRESSES) {
      return Reply.error(400, "BadRequestException", "At most 100 addresses are allowed");
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("ApplicationId", path.split("/", -1)[3]);
      json.writeStringProperty("RequestId", UUID.randomUUID().toString());
      json.writeObjectPropertyStart("Result");
      addresses.forEach(
          (address, settings) -> {
            json.writeName(address);
            send(address, settings, request, body).writeTo(json);
          });
      json.writeEndObject();
      json.writeEndObject();
    }
    return Reply.ok(out.toString());
  }

  private Delivery send(String address, JsonValue settings, JsonValue request, byte[] body) {
    InboxMessage message = message(address, settings, request);
    if (message == null) {
      return Delivery.failed("The message does not fit the address or its channel");
    }
    if (message.channel() == Channel.PUSH && address.startsWith(EXPIRED)) {
      return Delivery.gone();
    }
    inbox.add(message, body);
    return message.channel() == Channel.PUSH && address.startsWith(RENEWED)
        ? Delivery.renewed(message.id(), address.substring(RENEWED.length()))
        : Delivery.succeeded(message.id());
  }

  private @Nullable InboxMessage message(String address, JsonValue settings, JsonValue request) {
    JsonValue messages = request.at("MessageConfiguration");
    String channelType = settings.at("ChannelType").text();
    return switch (channelType) {
      case "SMS" ->
          E164.matcher(address).matches() ? sms(address, settings, request, messages) : null;
      case "GCM" -> push(address, settings, request, messages.at("GCMMessage"));
      case "APNS", "APNS_SANDBOX" -> push(address, settings, request, messages.at("APNSMessage"));
      case "BAIDU" -> push(address, settings, request, messages.at("BaiduMessage"));
      case "ADM" -> push(address, settings, request, messages.at("ADMMessage"));
      case null, default -> null;
    };
  }

  private @Nullable InboxMessage sms(
      String address, JsonValue settings, JsonValue request, JsonValue messages) {
    String text =
        JsonValue.firstText(
            messages.at("SMSMessage", "Body"), messages.at("DefaultMessage", "Body"));
    return text == null
        ? null
        : message(Channel.SMS, address, sendId(settings, request), null, text, Map.of());
  }

  /**
   * A push: what the platform's own message leaves out comes from the default one, and raw content
   * overrides both.
   */
  private @Nullable InboxMessage push(
      String address, JsonValue settings, JsonValue request, JsonValue specific) {
    JsonValue general = request.at("MessageConfiguration", "DefaultPushNotificationMessage");
    JsonValue raw = rawContent(specific);
    JsonValue alert = raw.at("aps", "alert");
    JsonValue gcm = raw.at("notification");
    JsonValue fcm = raw.at("fcmV1Message", "message", "notification");
    String title =
        JsonValue.firstText(
            alert.at("title"),
            gcm.at("title"),
            fcm.at("title"),
            specific.at("Title"),
            general.at("Title"));
    String body =
        JsonValue.firstText(
            alert,
            alert.at("body"),
            gcm.at("body"),
            fcm.at("body"),
            specific.at("Body"),
            general.at("Body"),
            request.at("MessageConfiguration", "DefaultMessage", "Body"));
    if (title == null && body == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    String url = JsonValue.firstText(specific.at("Url"), general.at("Url"));
    if (url != null) {
      headers.put("url", url);
    }
    JsonValue data =
        specific.at("Data").members().isEmpty() ? general.at("Data") : specific.at("Data");
    data.members().forEach((name, value) -> putText(headers, name, value));
    String collapse = JsonValue.firstText(specific.at("CollapseKey"), specific.at("CollapseId"));
    if (collapse != null) {
      headers.put("collapseKey", collapse);
    }
    return message(Channel.PUSH, address, sendId(settings, request), title, body, headers);
  }

  private static JsonValue rawContent(JsonValue message) {
    String raw = message.at("RawContent").text();
    try {
      return raw == null
          ? new JsonValue(null)
          : JsonValue.read(raw.getBytes(StandardCharsets.UTF_8));
    } catch (JacksonException _) {
      return new JsonValue(null);
    }
  }

  private static void putText(Map<String, String> headers, String name, JsonValue value) {
    String text = value.text();
    if (text != null) {
      headers.put(name, text);
    }
  }

  private static @Nullable String sendId(JsonValue settings, JsonValue request) {
    return JsonValue.firstText(
        settings.at("Context", "sendId"), request.at("Context", "sendId"), request.at("TraceId"));
  }

  private InboxMessage message(
      Channel channel,
      String address,
      @Nullable String sendId,
      @Nullable String title,
      @Nullable String body,
      Map<String, String> headers) {
    return new InboxMessage(
        UUID.randomUUID().toString(),
        channel,
        address,
        clock.instant(),
        sendId,
        null,
        null,
        null,
        title,
        body,
        headers);
  }

  /** Pinpoint's result for one address. */
  private record Delivery(
      String status,
      int code,
      String message,
      @Nullable String messageId,
      @Nullable String updatedToken) {

    static Delivery succeeded(String messageId) {
      return renewed(messageId, null);
    }

    static Delivery renewed(String messageId, @Nullable String token) {
      return new Delivery("SUCCESSFUL", 200, "MessageId: " + messageId, messageId, token);
    }

    static Delivery failed(String reason) {
      return new Delivery("PERMANENT_FAILURE", 400, reason, null, null);
    }

    static Delivery gone() {
      return new Delivery("PERMANENT_FAILURE", 410, "Unregistered or expired token", null, null);
    }

    void writeTo(JsonGenerator json) {
      json.writeStartObject();
      json.writeStringProperty("DeliveryStatus", status);
      json.writeNumberProperty("StatusCode", code);
      json.writeStringProperty("StatusMessage", message);
      if (messageId != null) {
        json.writeStringProperty("MessageId", messageId);
      }
      if (updatedToken != null) {
        json.writeStringProperty("UpdatedToken", updatedToken);
      }
      json.writeEndObject();
    }
  }
}
