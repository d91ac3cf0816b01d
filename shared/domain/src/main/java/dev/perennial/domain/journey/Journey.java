package dev.perennial.domain.journey;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.segment.Cause;
import dev.perennial.domain.segment.EventFilter;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.segment.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a journey: what starts it for a person, how often, and what then follows.
 *
 * @param version of the definition that this was read from
 * @param topic for consent and caps, of every message it sends
 * @param steps in order; ids of sends are unique among them
 */
public record Journey(
    String id, int version, Start start, Reentry reentry, String topic, List<Step> steps) {

  /**
   * Events older than this start nothing: whoever imports a year of orders does not mean to welcome
   * everybody.
   */
  public static final Duration NEWS = Duration.ofHours(24);

  public Journey {
    steps = List.copyOf(steps);
  }

  /** How often one person may go through. */
  public enum Reentry {
    /** Once in a life. */
    ONCE,
    /** Again, but never twice at a time. */
    AFTER_EXIT,
    /** Once for each occurrence of the trigger. */
    ALWAYS
  }

  /** What starts a journey. */
  public sealed interface Start {

    /** One of those tracked events. */
    record OnEvent(EventFilter events) implements Start {}

    /** Entering the segment, or exiting it. */
    record OnSegment(SegmentId segment, Edge edge) implements Start {}
  }

  /** A side of a membership. */
  public enum Edge {
    ENTERED,
    EXITED
  }

  /** One thing to do. */
  public sealed interface Step {

    /**
     * Sends a message and goes on.
     *
     * @param content id of the content
     * @param channels in order of preference, at least one
     * @param expiresAfter how long after this step was reached it is stale news; null for never
     * @param atLeastOnce whether a message of unknown fate goes again
     */
    record Send(
        String id,
        String content,
        List<Channel> channels,
        @Nullable Duration expiresAfter,
        boolean atLeastOnce)
        implements Step {
      public Send {
        channels = List.copyOf(channels);
      }

      /** One that never expires and goes at most once. */
      public Send(String id, String content, List<Channel> channels) {
        this(id, content, channels, null, false);
      }
    }

    /** Goes on that much later. */
    record Wait(Duration duration) implements Step {}
  }

  /** What this journey's sends name as what asks for them. */
  public String definition() {
    return "journey:" + id;
  }

  /** Whether such triggers concern it at all, whatever else they say. */
  public boolean listensTo(Trigger trigger) {
    return switch (trigger) {
      case Trigger.OfEvent(var _, Event event) ->
          start instanceof Start.OnEvent on
              && event.type() == EventType.TRACK
              && on.events().name().equals(event.name());
      case Trigger.OfTransition(Transition transition) ->
          start instanceof Start.OnSegment on
              && on.segment().equals(transition.segment())
              && on.edge() == (transition.entered() ? Edge.ENTERED : Edge.EXITED);
    };
  }

  /**
   * Whether the trigger starts it. Only events and time do: not imports, edits, merges or splits,
   * nor stale events.
   */
  public boolean startsOn(Trigger trigger, Instant now) {
    return listensTo(trigger)
        && switch (trigger) {
          case Trigger.OfEvent(var _, Event event) ->
              start instanceof Start.OnEvent on
                  && on.events().matches(event)
                  && !event.timestamp().isBefore(now.minus(NEWS));
          case Trigger.OfTransition(Transition transition) ->
              transition.cause() == Cause.EVENT || transition.cause() == Cause.TIME;
        };
  }
}
