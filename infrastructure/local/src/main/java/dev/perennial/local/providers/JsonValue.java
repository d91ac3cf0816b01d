package dev.perennial.local.providers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value of a request, for reading only. Asking a value for what it is not gives nothing: no
 * members, no items, no text.
 *
 * @param value a {@code Map<String, JsonValue>}, a {@code List<JsonValue>}, a text, or null for
 *     what is absent
 */
record JsonValue(@Nullable Object value) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads one value.
   *
   * @throws tools.jackson.core.JacksonException when it is not JSON
   */
  static JsonValue read(byte[] json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      return read(parser);
    }
  }

  private static JsonValue read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, read(parser));
      }
      return new JsonValue(members);
    }
    if (token == JsonToken.START_ARRAY) {
      List<JsonValue> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(parser));
      }
      return new JsonValue(items);
    }
    return new JsonValue(
        token == null || token == JsonToken.VALUE_NULL ? null : parser.getString());
  }

  /** The value at the end of a path of member names. */
  JsonValue at(String... path) {
    JsonValue found = this;
    for (String name : path) {
      found = found.members().getOrDefault(name, new JsonValue(null));
    }
    return found;
  }

  /** Members of an object in their order. */
  @SuppressWarnings("unchecked") // read() makes no other maps
  Map<String, JsonValue> members() {
    return value instanceof Map<?, ?> members ? (Map<String, JsonValue>) members : Map.of();
  }

  /** Items of an array. */
  @SuppressWarnings("unchecked") // read() makes no other lists
  List<JsonValue> items() {
    return value instanceof List<?> items ? (List<JsonValue>) items : List.of();
  }

  /** The string, number or truth value as written. */
  @Nullable String text() {
    return value instanceof String text ? text : null;
  }

  /** Texts of an array's items. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (JsonValue item : items()) {
      String text = item.text();
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** The first text among values, if any has one. */
  static @Nullable String firstText(JsonValue... values) {
    for (JsonValue value : values) {
      String text = value.text();
      if (text != null) {
        return text;
      }
    }
    return null;
  }
}
