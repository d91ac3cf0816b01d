package dev.perennial.infrastructure.aws;

import dev.perennial.topology.Setting;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
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
 * @param tuned what functions are told instead of what they do by themselves
 */
record Settings(
    String stage,
    @Nullable String emailFrom,
    @Nullable String pinpointApplicationId,
    Map<Setting, String> tuned) {

  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9-]{0,19}");

  /** A bare address, or one in angle brackets behind a display name. */
  private static final Pattern SENDER =
      Pattern.compile("(?:[^<>]+<)?([^\\s@<>*?]+@[a-z0-9.-]+\\.[a-z]{2,})>?");

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Duration DAY = Duration.ofDays(1);

  Settings {
    tuned = Map.copyOf(tuned);
    tuned.forEach(Settings::check);
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
   * Reads {@code stage}, {@code emailFrom}, {@code pinpointApplicationId} and each {@link Setting}
   * by its title; an empty value counts as absent.
   */
  static Settings of(Node node) {
    String stage = context(node, "stage");
    if (stage == null) {
      throw new IllegalArgumentException("name the stage, for example: -c stage=prod");
    }
    Map<Setting, String> tuned = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = context(node, setting.title());
      if (value != null) {
        tuned.put(setting, value);
      }
    }
    return new Settings(
        stage, context(node, "emailFrom"), context(node, "pinpointApplicationId"), tuned);
  }

  /** A function that read a broken one would not start. */
  private static void check(Setting setting, String value) {
    switch (setting) {
      case ERASED_REFUSED_FOR ->
          require(isADayOrMore(value), setting, "a duration such as P30D, at least P1D", value);
      case MOST_USER_IDS, QUARANTINE_BEYOND ->
          require(COUNT.matcher(value).matches(), setting, "a whole number, at least 1", value);
    }
  }

  private static void require(boolean valid, Setting setting, String wanted, String value) {
    if (!valid) {
      throw new IllegalArgumentException(setting.title() + " must be " + wanted + ": " + value);
    }
  }

  private static boolean isADayOrMore(String value) {
    try {
      return Duration.parse(value).compareTo(DAY) >= 0;
    } catch (DateTimeException e) {
      return false;
    }
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
