package dev.perennial.domain.profile;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventType;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one event teaches about its owner. */
final class Lessons {

  /** The trait that holds the source of the campaign that the person first came by. */
  private static final String SOURCE_CHANNEL = "sourceChannel";

  /** The event that tells what the person answered, with a {@code topic} and an {@code answer}. */
  private static final String FEEDBACK = "Feedback Given";

  private static final int LONGEST_ANSWER = 100;

  /** Among the traits of an event: those to be set only if nothing is known of them. */
  private static final String SET_ONCE = "$set_once";

  /** Among the traits of an event: the names of those to be forgotten. */
  private static final String UNSET = "$unset";

  private Lessons() {}

  /**
   * The trait of a name that is set and unset at once is set. What Segment calls the traits of a
   * {@code group} event describe the group, so only the group's id becomes a trait of the person.
   * Of the context, what later stages need to reach the person counts as a trait where the event
   * says nothing else.
   */
  static Map<String, Trait> traits(Event event) {
    Map<String, Value> traits = new HashMap<>();
    put(traits, Facet.TIMEZONE, event.context().get(Facet.TIMEZONE));
    put(traits, Facet.LOCALE, event.context().get(Facet.LOCALE));
    put(traits, Facet.PUSH_TOKEN, event.context().at("device.token"));
    if (event.type() == EventType.GROUP) {
      put(traits, Facet.GROUP_ID, event.properties().get(Facet.GROUP_ID));
    }
    traits.putAll(event.traits().fields());
    Map<String, Trait> stamped = new HashMap<>();
    if (event.context().at("campaign.source") instanceof Text source) {
      stamped.put(SOURCE_CHANNEL, new Trait(source, event.timestamp(), event.messageId(), true));
    }
    if (traits.remove(SET_ONCE) instanceof Fields once) {
      once.fields()
          .forEach(
              (name, value) ->
                  stamped.put(name, new Trait(value, event.timestamp(), event.messageId(), true)));
    }
    if (traits.remove(UNSET) instanceof Items names) {
      for (Value name : names.items()) {
        if (name instanceof Text text) {
          traits.putIfAbsent(text.text(), new Value.Null());
        }
      }
    }
    traits.forEach(
        (name, value) -> stamped.put(name, new Trait(value, event.timestamp(), event.messageId())));
    return stamped;
  }

  /**
   * The tag that an answer of the person gives. Its name cannot be mistaken for one that the team
   * gives: whoever holds a write key can answer.
   */
  static Map<String, Trait> tags(Event event) {
    return event.type() == EventType.TRACK
            && FEEDBACK.equals(event.name())
            && event.properties().get("topic") instanceof Text(String topic)
            && event.properties().get("answer") instanceof Text answer
            && !topic.isBlank()
            && topic.length() <= LONGEST_ANSWER
            && answer.text().length() <= LONGEST_ANSWER
        ? Map.of(
            TagDimension.FEEDBACK + topic, new Trait(answer, event.timestamp(), event.messageId()))
        : Map.of();
  }

  private static void put(Map<String, Value> traits, String name, @Nullable Value value) {
    if (value != null && !(value instanceof Value.Null)) {
      traits.put(name, value);
    }
  }
}
