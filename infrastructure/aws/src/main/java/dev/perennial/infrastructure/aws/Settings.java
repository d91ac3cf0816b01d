package dev.perennial.infrastructure.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.constructs.Node;

/**
 * What differs between two deployments, read from the CDK context ({@code -c stage=prod}).
 *
 * @param stage the workspace's environment, part of every physical name: a lower-case letter, then
 *     at most 19 lower-case letters, digits or hyphens
 * @param emailFrom sender of email, with or without a display name, whose address SES has verified
 *     itself or through its domain; absent means that no email leaves this stage
 * @param pinpointApplicationId application that sends SMS and push; absent means that neither
 *     leaves this stage
 */
record Settings(String stage, @Nullable String emailFrom, @Nullable String pinpointApplicationId) {

  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9-]{0,19}");

  /** A bare address, or one in angle brackets behind a display name. */
  private static final Pattern SENDER =
      Pattern.compile("(?:[^<>]+<)?([^\\s@<>*?]+@[a-z0-9.-]+\\.[a-z]{2,})>?");

  Settings {
    if (!STAGE.matcher(stage).matches()) {
      throw new IllegalArgumentException(
          "stage must be a lower-case letter, then at most 19 letters, digits or hyphens: "
              + stage);
    }
    if (emailFrom != null && !SENDER.matcher(emailFrom).matches()) {
      throw new IllegalArgumentException(
          "emailFrom must be an address such as hello@example.com: " + emailFrom);
    }
  }

  /**
   * Reads {@code stage}, {@code emailFrom} and {@code pinpointApplicationId}; an empty value counts
   * as absent.
   */
  static Settings of(Node node) {
    String stage = context(node, "stage");
    if (stage == null) {
      throw new IllegalArgumentException("name the stage, for example: -c stage=prod");
    }
    return new Settings(stage, context(node, "emailFrom"), context(node, "pinpointApplicationId"));
  }

  /** The sender's bare address, without a display name. */
  @Nullable String emailAddress() {
    Matcher sender = SENDER.matcher(emailFrom == null ? "" : emailFrom);
    return sender.matches() ? sender.group(1) : null;
  }

  /** Physical name of a thing of this stage, for example {@code perennial-prod-events}. */
  String named(String title) {
    return stackName() + "-" + title;
  }

  /** For example {@code perennial-prod}. */
  String stackName() {
    return "perennial-" + stage;
  }

  private static @Nullable String context(Node node, String key) {
    Object value = node.tryGetContext(key);
    return value == null || value.toString().isBlank() ? null : value.toString();
  }
}
