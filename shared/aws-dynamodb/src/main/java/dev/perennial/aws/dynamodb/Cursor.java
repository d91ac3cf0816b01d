package dev.perennial.aws.dynamodb;

import dev.perennial.json.InvalidDocument;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Where the next page of a partition begins, as clients are told: its last sort key, encoded. */
final class Cursor {

  /** Of DynamoDB, in bytes. */
  private static final int LONGEST_SORT_KEY = 1024;

  private Cursor() {}

  /** The cursor after a page; null when it was the last. */
  static @Nullable String after(@Nullable Map<String, AttributeValue> lastKey) {
    return lastKey == null || lastKey.isEmpty()
        ? null
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(new Item(lastKey).text("sk").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key to go on after, which lies in this partition whatever the client did to the cursor;
   * null for the first page.
   *
   * @throws InvalidDocument when the cursor is none
   */
  static @Nullable Map<String, AttributeValue> key(String pk, @Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return null;
    }
    try {
      String sk = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int length = sk.getBytes(StandardCharsets.UTF_8).length;
      if (length > 0 && length <= LONGEST_SORT_KEY) {
        return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for one that is too long.
    }
    throw new InvalidDocument("", "the cursor is none that was given out");
  }
}
