package dev.perennial.json;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.delivery.Content;
import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Text;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads content as teams write it, and writes renditions as they read them. */
public final class ContentCodec {

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_LINE = 4 * 1024;

  /** Of a collapse key, in characters: Apple takes 64 bytes. */
  private static final int LONGEST_KEY = 64;

  private static final int LONGEST_BODY = 64 * 1024;

  private ContentCodec() {}

  /**
   * The content that a document describes; its templates are not looked into.
   *
   * @throws InvalidDocument when it describes none
   */
  public static Content read(String id, int version, Fields document) {
    JsonObject content = JsonObject.root(document);
    content.optional("name").ifPresent(name -> name.text(LONGEST_NAME));
    content.optional("description").ifPresent(JsonNode::text);
    Map<Channel, Rendition> renditions = new EnumMap<>(Channel.class);
    for (Channel channel : Channel.values()) {
      content
          .optional(JsonNode.name(channel))
          .ifPresent(node -> renditions.put(channel, rendition(channel, node.object())));
    }
    content.refuseOthers();
    if (renditions.isEmpty()) {
      throw content.invalid("must have a rendition for at least one channel");
    }
    return new Content(id, version, renditions);
  }

  /** The rendition as content has it. */
  public static Fields write(Rendition rendition) {
    Map<String, Value> fields = new LinkedHashMap<>();
    switch (rendition) {
      case Rendition.Email email -> {
        put(fields, "subject", email.subject());
        put(fields, "html", email.html());
        put(fields, "text", email.text());
      }
      case Rendition.Sms sms -> put(fields, "body", sms.body());
      case Rendition.Push push -> {
        put(fields, "title", push.title());
        put(fields, "body", push.body());
        put(fields, "url", push.url());
        put(fields, "collapseKey", push.collapseKey());
        if (!push.data().isEmpty()) {
          fields.put("data", push.data());
        }
      }
    }
    return new Fields(fields);
  }

  private static Rendition rendition(Channel channel, JsonObject fields) {
    Rendition rendition =
        switch (channel) {
          case EMAIL -> email(fields);
          case SMS -> new Rendition.Sms(fields.required("body").text(LONGEST_LINE));
          case PUSH ->
              new Rendition.Push(
                  fields.required("title").text(LONGEST_LINE),
                  fields.required("body").text(LONGEST_LINE),
                  text(fields, "url", LONGEST_LINE).orElse(null),
                  text(fields, "collapseKey", LONGEST_KEY).orElse(null),
                  fields.optional("data").map(ContentCodec::texts).orElse(Fields.EMPTY));
        };
    fields.refuseOthers();
    return rendition;
  }

  private static Rendition email(JsonObject fields) {
    String subject = fields.required("subject").text(LONGEST_LINE);
    Optional<String> html = text(fields, "html", LONGEST_BODY);
    Optional<String> text = text(fields, "text", LONGEST_BODY);
    if (html.isEmpty() && text.isEmpty()) {
      throw fields.invalid("must have html, text or both");
    }
    return new Rendition.Email(subject, html.orElse(null), text.orElse(null));
  }

  private static Optional<String> text(JsonObject fields, String name, int longest) {
    return fields.optional(name).map(node -> node.text(longest));
  }

  /** Providers take texts only. */
  private static Fields texts(JsonNode node) {
    JsonObject data = node.object();
    data.fields().fields().keySet().forEach(name -> data.required(name).text());
    return data.fields();
  }

  private static void put(Map<String, Value> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, new Text(text));
    }
  }
}
