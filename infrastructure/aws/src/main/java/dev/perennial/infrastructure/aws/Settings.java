package dev.perennial.infrastructure.aws;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.constructs.Node;

/**
 * What differs between two deployments, read from the CDK context ({@code -c stage=prod}).
 *
 * @param stage the workspace's environment, part of every physical name: a lower-case letter, then
 *     at most 19 lower-case letters, digits or hyphens
 * @param emailFrom sender of email, an address that SES has verified itself or through its domain;
 *     absent means that no email leaves this stage
 * @param pinpointApplicationId application that sends SMS and push; absent means that neither
 *     leaves this stage
 */
record Settings(String stage, @Nullable String emailFrom, @Nullable String pinpointApplicationId) {

  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9-]{0,19}");
  private static final Pattern EMAIL = Pattern.compile("[^\\s@<>]+@[a-z0-9.-]+\\.[a-z]{2,}");

  Settings {
    if (!STAGE.matcher(stage).matches()) {
      throw new IllegalArgumentException(
          "stage must be a lower-case letter, then at most 19 letters, digits or hyphens: "
              + stage);
    }
    if (emailFrom != null && !EMAIL.matcher(emailFrom).matches()) {
      throw new IllegalArgumentException(
          "emailFrom must be a bare address such as hello@example.com: " + emailFrom);
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
