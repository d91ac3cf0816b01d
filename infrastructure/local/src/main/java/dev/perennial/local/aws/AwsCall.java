package dev.perennial.local.aws;

import dev.perennial.topology.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a request asks of AWS, read from no more of it than that takes.
 *
 * @param action as IAM names operations, for example {@code dynamodb:TransactWriteItems}
 * @param needs permissions that the caller must have, at least one
 */
record AwsCall(Service service, String action, List<Permission> needs) {

  /** Who answers a call. */
  enum Service {
    DYNAMODB,
    SQS,
    PINPOINT,
    SES,
    NONE
  }

  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern PINPOINT_MESSAGES = Pattern.compile("/v1/apps/[^/]+/messages");
  private static final String SES_EMAILS = "/v2/email/outbound-emails";

  /** Stands for a resource that the request does not name; nothing is granted on it. */
  private static final String UNNAMED = "(unnamed)";

  /**
   * Reads a request.
   *
   * @param target value of {@code X-Amz-Target}, which REST services do not send
   */
  static AwsCall read(String method, String path, @Nullable String target, byte[] body) {
    if (target != null && target.startsWith("DynamoDB_20120810.")) {
      String operation = target.substring(target.indexOf('.') + 1);
      return new AwsCall(Service.DYNAMODB, "dynamodb:" + operation, onTables(operation, body));
    }
    if (target != null && target.startsWith("AmazonSQS.")) {
      String action = "sqs:" + target.substring(target.indexOf('.') + 1);
      String needed = action.equals("sqs:SendMessageBatch") ? Permission.SEND_TO_QUEUE : action;
      String url = member("QueueUrl", body);
      String queue = url.substring(url.lastIndexOf('/') + 1);
      return new AwsCall(Service.SQS, action, List.of(new Permission(needed, queue)));
    }
    if (method.equals("POST") && PINPOINT_MESSAGES.matcher(path).matches()) {
      return onProvider(Service.PINPOINT, Grant.Provider.PINPOINT);
    }
    if (method.equals("POST") && path.equals(SES_EMAILS)) {
      return onProvider(Service.SES, Grant.Provider.SES);
    }
    String action = target == null ? method + " " + path : target;
    return new AwsCall(Service.NONE, action, List.of(new Permission(action, Permission.ANY)));
  }

  private static AwsCall onProvider(Service service, Grant.Provider provider) {
    String action = provider.iamAction();
    return new AwsCall(service, action, List.of(new Permission(action, Permission.ANY)));
  }

  private static List<Permission> onTables(String operation, byte[] body) {
    List<Permission> needs =
        switch (operation) {
          case "BatchGetItem", "BatchWriteItem" -> parts("dynamodb:" + operation, body);
          case "TransactGetItems", "TransactWriteItems" -> transaction(body);
          default -> List.of(new Permission("dynamodb:" + operation, member("TableName", body)));
        };
    return needs.isEmpty() ? List.of(new Permission("dynamodb:" + operation, UNNAMED)) : needs;
  }

  /** One permission for each table of {@code RequestItems}. */
  private static List<Permission> parts(String action, byte[] body) {
    List<Permission> needs = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (goTo("RequestItems", parser)) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          needs.add(new Permission(action, parser.currentName()));
          parser.nextToken();
          parser.skipChildren();
        }
      }
    } catch (JacksonException _) {
      return List.of();
    }
    return needs;
  }

  /** One permission for each part of {@code TransactItems}: {@code [{"Put":{"TableName":…}},…]}. */
  private static List<Permission> transaction(byte[] body) {
    List<Permission> needs = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (goTo("TransactItems", parser)) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String part = parser.currentName();
            String action = part.equals("ConditionCheck") ? "ConditionCheckItem" : part + "Item";
            needs.add(new Permission("dynamodb:" + action, tableOfPart(parser)));
          }
        }
      }
    } catch (JacksonException _) {
      return List.of();
    }
    return needs;
  }

  private static String tableOfPart(JsonParser parser) {
    String table = UNNAMED;
    parser.nextToken();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean named = parser.currentName().equals("TableName");
      parser.nextToken();
      if (named) {
        table = parser.getString();
      } else {
        parser.skipChildren();
      }
    }
    return table;
  }

  private static String member(String name, byte[] body) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      return goTo(name, parser) ? parser.getString() : UNNAMED;
    } catch (JacksonException _) {
      return UNNAMED;
    }
  }

  /** Moves to the value of a member of the outermost object. */
  private static boolean goTo(String name, JsonParser parser) {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }
}
