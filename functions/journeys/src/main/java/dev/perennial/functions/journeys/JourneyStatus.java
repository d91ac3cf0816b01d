package dev.perennial.functions.journeys;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.journey.Journeys.Standing;

/** The words for where a journey stands. */
final class JourneyStatus {

  /** Not running: never launched, or put again after a stop. */
  static final String DRAFT = "draft";

  static final String STOPPED = "stopped";

  private JourneyStatus() {}

  /** What the status of a journey means for people in it; one that was deleted is stopped. */
  static Standing standing(String status) {
    return switch (status) {
      case Definition.LIVE -> Standing.LIVE;
      case Definition.PAUSED -> Standing.PAUSED;
      default -> Standing.STOPPED;
    };
  }
}
