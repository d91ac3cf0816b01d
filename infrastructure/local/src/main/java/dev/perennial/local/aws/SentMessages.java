package dev.perennial.local.aws;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What SQS answers to whoever sends messages. */
final class SentMessages {

  private static final JsonFactory JSON = new JsonFactory();

  private SentMessages() {}

  /** The ids of the messages that were sent, one or many; none when the answer is another. */
  static List<String> ids(byte[] answer) {
    List<String> ids = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), answer)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.PROPERTY_NAME
            && parser.currentName().equals("MessageId")
            && parser.nextToken() == JsonToken.VALUE_STRING) {
          ids.add(parser.getString());
        }
      }
    } catch (JacksonException _) {
      return List.of();
    }
    return ids;
  }
}
