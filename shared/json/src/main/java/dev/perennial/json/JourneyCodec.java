package dev.perennial.json;

import dev.perennial.domain.delivery.Channel;
import dev.perennial.domain.journey.Journey;
import dev.perennial.domain.journey.Journey.Edge;
import dev.perennial.domain.journey.Journey.Reentry;
import dev.perennial.domain.journey.Journey.Start;
import dev.perennial.domain.journey.Journey.Step;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads journeys as teams write them. */
public final class JourneyCodec {

  /** Topic of a journey that names none. */
  public static final String DEFAULT_TOPIC = "marketing";

  private static final int LONGEST_NAME = 256;
  private static final int MOST_STEPS = 100;
  private static final Duration LONGEST_WAIT = Duration.ofDays(366);

  private JourneyCodec() {}

  /**
   * The journey that a document describes.
   *
   * @throws InvalidDocument when it describes none
   */
  public static Journey read(String id, int version, Fields document) {
    JsonObject journey = JsonObject.root(document);
    journey.optional("name").ifPresent(name -> name.text(LONGEST_NAME));
    journey.optional("description").ifPresent(JsonNode::text);
    Start start = start(journey.required("trigger").object());
    Reentry reentry =
        journey.optional("reentry").map(node -> node.choice(Reentry.class)).orElse(Reentry.ONCE);
    String topic =
        journey.optional("topic").map(node -> node.line(LONGEST_NAME)).orElse(DEFAULT_TOPIC);
    List<Step> steps = steps(journey.required("steps"));
    journey.refuseOthers();
    return new Journey(id, version, start, reentry, topic, steps);
  }

  private static Start start(JsonObject trigger) {
    Optional<JsonNode> event = trigger.optional("event");
    Optional<SegmentId> segment =
        trigger
            .optional("segment")
            .map(node -> new SegmentId(node.text(LONGEST_NAME)))
            .or(
                () ->
                    trigger.optional("tag").map(node -> SegmentId.ofTag(node.text(LONGEST_NAME))));
    if (event.isPresent() == segment.isPresent()) {
      throw trigger.invalid("must have either event, segment or tag");
    }
    Start start =
        event.isPresent()
            ? new Start.OnEvent(EventsCodec.read(trigger))
            : new Start.OnSegment(
                segment.orElseThrow(),
                trigger.optional("on").map(on -> on.choice(Edge.class)).orElse(Edge.ENTERED));
    trigger.refuseOthers();
    return start;
  }

  private static List<Step> steps(JsonNode list) {
    List<JsonNode> nodes = list.list();
    if (nodes.isEmpty() || nodes.size() > MOST_STEPS) {
      throw list.invalid("must have 1 to " + MOST_STEPS + " steps");
    }
    Set<String> ids = new HashSet<>();
    List<Step> steps = new ArrayList<>(nodes.size());
    for (JsonNode node : nodes) {
      steps.add(step(node.object(), ids));
    }
    return steps;
  }

  private static Step step(JsonObject step, Set<String> ids) {
    Optional<JsonNode> id = step.optional("id");
    if (id.isPresent() && !ids.add(id.get().text(LONGEST_NAME))) {
      throw id.get().invalid("is the id of an earlier step");
    }
    Optional<JsonNode> send = step.optional("send");
    Optional<JsonNode> wait = step.optional("wait");
    if (send.isPresent() == wait.isPresent()) {
      throw step.invalid("must have either send or wait");
    }
    Step read = send.isPresent() ? send(step, send.get().object()) : wait(wait.orElseThrow());
    step.refuseOthers();
    return read;
  }

  private static Step wait(JsonNode wait) {
    Duration duration = wait.duration();
    if (duration.compareTo(LONGEST_WAIT) > 0) {
      throw wait.invalid("must not be longer than " + LONGEST_WAIT.toDays() + " days");
    }
    return new Step.Wait(duration);
  }

  /** A send must have an id, since it is by this id that a repeat is known. */
  private static Step send(JsonObject step, JsonObject send) {
    String id = step.required("id").text();
    String content = send.required("content").text(LONGEST_NAME);
    JsonNode list = send.required("channels");
    Set<Channel> known = EnumSet.noneOf(Channel.class);
    List<Channel> channels = new ArrayList<>();
    for (JsonNode node : list.list()) {
      Channel channel = node.choice(Channel.class);
      if (!known.add(channel)) {
        throw node.invalid("comes twice");
      }
      channels.add(channel);
    }
    if (channels.isEmpty()) {
      throw list.invalid("must name at least one channel");
    }
    Duration expiresAfter = send.optional("expiresAfter").map(JsonNode::duration).orElse(null);
    boolean atLeastOnce = send.optional("atLeastOnce").map(JsonNode::truth).orElse(false);
    send.refuseOthers();
    return new Step.Send(id, content, channels, expiresAfter, atLeastOnce);
  }
}
