package dev.perennial.local.providers;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A message that a provider accepted for one recipient, decoded.
 *
 * @param id the message id that the provider answered, unique in the inbox
 * @param to email address, phone number or device token
 * @param at when it was accepted, by the platform's clock
 * @param sendId the sender's own id, if the request carried one
 * @param subject of an email
 * @param html of an email
 * @param text of an email
 * @param title of a push
 * @param body of an SMS or push
 * @param headers of an email; of a push its url and data
 */
public record InboxMessage(
    String id,
    Channel channel,
    String to,
    Instant at,
    @Nullable String sendId,
    @Nullable String subject,
    @Nullable String html,
    @Nullable String text,
    @Nullable String title,
    @Nullable String body,
    Map<String, String> headers) {

  /** How a message reaches a person. */
  public enum Channel {
    EMAIL("email"),
    SMS("sms"),
    PUSH("push");

    private final String title;

    Channel(String title) {
      this.title = title;
    }

    /** Name in the HTTP API, for example {@code email}. */
    public String title() {
      return title;
    }
  }

  public InboxMessage {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** Writes it as one JSON object, without what it does not have. */
  public void writeTo(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("channel", channel.title());
    json.writeStringProperty("to", to);
    json.writeStringProperty("at", at.toString());
    writeIfPresent(json, "sendId", sendId);
    writeIfPresent(json, "subject", subject);
    writeIfPresent(json, "html", html);
    writeIfPresent(json, "text", text);
    writeIfPresent(json, "title", title);
    writeIfPresent(json, "body", body);
    json.writeObjectPropertyStart("headers");
    headers.forEach(json::writeStringProperty);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeIfPresent(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }
}
