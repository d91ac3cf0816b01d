package dev.perennial.json;

import dev.perennial.domain.identity.ExplainIdentity.Explained;
import dev.perennial.domain.identity.ExplainIdentity.Explanation;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Link;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Null;
import dev.perennial.domain.value.Value.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is who and why, as the API answers it, and what the team says of it. */
public final class IdentityCodec {

  /** Most people who are merged at once. */
  private static final int MOST_MERGED = 10;

  private static final int MOST_MEMBERS = 1_000;
  private static final int MOST_TAGS = 100;
  private static final int LONGEST_TAG = 128;

  private IdentityCodec() {}

  public static Fields write(Explanation explanation) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("summary", new Text(explanation.summary()));
    fields.put(
        "links", new Items(explanation.links().stream().<Value>map(IdentityCodec::write).toList()));
    return new Fields(fields);
  }

  private static Fields write(Explained explained) {
    Link link = explained.link();
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("id", new Text(link.key().id()));
    fields.put("a", new Text(link.a().toString()));
    fields.put("b", new Text(link.b().toString()));
    fields.put("kind", new Text(JsonNode.name(link.kind())));
    fields.put("strength", new Text(JsonNode.name(link.strength())));
    fields.put("at", new Text(link.at().toString()));
    fields.put("eventId", new Text(link.eventId()));
    fields.put(
        "by",
        new Text(
            switch (link.strength()) {
              case EXPLICIT, SERVER -> "secret key";
              case CLIENT -> "write key";
            }));
    fields.put(
        "outcome",
        new Text(
            switch (explained.outcome()) {
              case JOINED -> "joined";
              case REFUSED_TWO_USER_IDS, REFUSED_SHARED -> "refused";
              case WITHDRAWN -> "withdrawn";
            }));
    fields.put("code", new Text(JsonNode.name(explained.outcome())));
    fields.put("reason", new Text(explained.reason()));
    return new Fields(fields);
  }

  /**
   * The identifiers of people to be merged: 2 to {@value #MOST_MERGED}, no two alike.
   *
   * @throws InvalidDocument when they are none
   */
  public static List<Identifier> readMerge(JsonObject object) {
    JsonNode node = object.required("identifiers");
    if (node.list().size() < 2 || node.list().size() > MOST_MERGED) {
      throw node.invalid("must have 2 to " + MOST_MERGED + " identifiers");
    }
    List<Identifier> identifiers = new ArrayList<>();
    for (JsonNode text : node.list()) {
      Identifier identifier = readIdentifier(text);
      if (identifiers.contains(identifier)) {
        throw text.invalid("is there twice");
      }
      identifiers.add(identifier);
    }
    object.refuseOthers();
    return identifiers;
  }

  /**
   * The identifiers of people to put into a segment or to take out, at most {@value #MOST_MEMBERS};
   * none when the field is absent.
   *
   * @throws InvalidDocument when they are none
   */
  public static List<Identifier> readMembers(JsonObject object, String field) {
    List<JsonNode> nodes = object.optional(field).map(JsonNode::list).orElse(List.of());
    if (nodes.size() > MOST_MEMBERS) {
      throw object.required(field).invalid("must not have more than " + MOST_MEMBERS);
    }
    return nodes.stream().map(IdentityCodec::readIdentifier).toList();
  }

  /**
   * The identifier that is to be shared no more.
   *
   * @throws InvalidDocument when it is none
   */
  public static Identifier readReset(JsonObject object) {
    Identifier identifier = readIdentifier(object.required("identifier"));
    object.refuseOthers();
    return identifier;
  }

  private static Identifier readIdentifier(JsonNode node) {
    return switch (IdentifierReading.of(node.text())) {
      case IdentifierReading.Accepted accepted -> accepted.identifier();
      case IdentifierReading.Blocked blocked -> throw node.invalid(blocked.reason());
      case IdentifierReading.Invalid invalid -> throw node.invalid(invalid.reason());
    };
  }

  /**
   * Tags by name, as {@code {"tags":{"vip":true,"old":null}}}; null takes a tag away.
   *
   * @throws InvalidDocument when they are none
   */
  public static Map<String, Value> readTags(JsonObject object) {
    JsonNode node = object.required("tags");
    Map<String, Value> tags = node.object().fields().fields();
    if (tags.isEmpty() || tags.size() > MOST_TAGS) {
      throw node.invalid("must have 1 to " + MOST_TAGS + " tags");
    }
    tags.forEach(
        (name, value) -> {
          JsonNode tag = new JsonNode(value, node.object().pointer(name));
          if (name.isBlank() || name.length() > LONGEST_TAG) {
            throw tag.invalid("must have a name of 1 to " + LONGEST_TAG + " characters");
          }
          switch (value) {
            case Fields _, Items _ ->
                throw tag.invalid("must be a text, a number, a truth or null");
            case Text text -> {
              if (text.text().length() > LONGEST_TAG) {
                throw tag.invalid("must have at most " + LONGEST_TAG + " characters");
              }
            }
            case Value.Num _, Value.Bool _, Null _ -> {}
          }
        });
    object.refuseOthers();
    return tags;
  }
}
