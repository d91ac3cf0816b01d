package dev.perennial.functions.ingest;

import dev.perennial.domain.Publisher;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.EventCodec;
import dev.perennial.json.JsonBatch.Element;
import dev.perennial.json.JsonNode;
import dev.perennial.json.TrackingSpec;
import dev.perennial.json.TrackingSpec.Reading.Accepted;
import dev.perennial.json.TrackingSpec.Reading.Rejected;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Accepts events: reads each by the spec, stamps it, packs those of one owner together and
 * publishes them. What was accepted is durable when a method returns. When it throws, some of it
 * may be; sending it again does no harm.
 */
final class AcceptEvents {

  private final Publisher<String> events;
  private final InstantSource clock;

  /** Events go to the publisher as {@linkplain EventCodec#messages messages}. */
  AcceptEvents(Publisher<String> events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * A document that is no event.
   *
   * @param index in its batch, from 0
   * @param title of the problem, the same for each of its kind
   */
  record Refusal(int index, String title, String pointer, String detail) {}

  /** Accepts one event of that type, or says why not. */
  Optional<Refusal> one(EventType type, Value document, Key key) {
    TrackingSpec spec = spec(clock.instant(), key, Fields.EMPTY);
    return switch (spec.read(JsonNode.root(document), type)) {
      case Accepted accepted -> {
        events.publish(EventCodec.messages(List.of(accepted.event())));
        yield Optional.empty();
      }
      case Rejected rejected -> Optional.of(refusal(0, rejected));
    };
  }

  /**
   * Accepts what are events of a batch, and says of the others why not.
   *
   * @param envelope all of the batch but its elements
   * @param pointer to the list of elements
   */
  List<Refusal> batch(Fields envelope, List<Element> elements, String pointer, Key key) {
    // The last event of a batch is received now, for none may lie ahead of the clock.
    Instant first = clock.instant().minus(Math.max(0, elements.size() - 1L), ChronoUnit.MICROS);
    TrackingSpec spec = spec(first, key, envelope);
    List<Event> accepted = new ArrayList<>(elements.size());
    List<Refusal> refused = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      switch (elements.get(i)) {
        case Element.Refused(var problem) ->
            refused.add(new Refusal(i, "Invalid JSON", problem.pointer(), problem.detail()));
        case Element.Read(var value) -> {
          switch (spec.read(new JsonNode(value, pointer + "/" + i))) {
            case Accepted(Event event) -> accepted.add(event);
            case Rejected rejected -> refused.add(refusal(i, rejected));
          }
        }
      }
    }
    events.publish(EventCodec.messages(accepted));
    return refused;
  }

  private static TrackingSpec spec(Instant receivedAt, Key key, Fields envelope) {
    String name = key.kind() == Key.Kind.WRITE ? key.name() : null;
    return new TrackingSpec(receivedAt, key.trust(), name, envelope);
  }

  private static Refusal refusal(int index, Rejected rejected) {
    String title =
        switch (rejected.reason()) {
          case INVALID -> "Invalid event";
          case TOO_LARGE -> "Event too large";
        };
    return new Refusal(index, title, rejected.pointer(), rejected.detail());
  }
}
