package dev.perennial.local.aws;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * DynamoDB's own count of what a call costs. DynamoDB Local counts like DynamoDB, except that a
 * condition check in a transaction costs the same for an item of any size.
 */
final class Capacity {

  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] QUESTION =
      "{\"ReturnConsumedCapacity\":\"TOTAL\",".getBytes(StandardCharsets.US_ASCII);

  private Capacity() {}

  /**
   * The request with the question added; if it asks itself, its own question counts, as it comes
   * later.
   */
  static byte[] asking(byte[] request) {
    if (request.length < 3 || request[0] != '{' || request[1] != '"') {
      return request;
    }
    byte[] asking = new byte[QUESTION.length + request.length - 1];
    System.arraycopy(QUESTION, 0, asking, 0, QUESTION.length);
    System.arraycopy(request, 1, asking, QUESTION.length, request.length - 1);
    return asking;
  }

  /**
   * Read and write units that the answer names, over all tables; 0 if it names none, as errors do.
   */
  static double units(byte[] answer) {
    double units = 0;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), answer)) {
      if (!AwsCall.goTo("ConsumedCapacity", parser)) {
        return 0;
      }
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token.isNumeric() && parser.currentName().equals("CapacityUnits")) {
          units += parser.getValueAsDouble();
        }
      } while (depth > 0 && parser.nextToken() != null);
    } catch (JacksonException _) {
      return 0;
    }
    return units;
  }
}
