package dev.perennial.domain.delivery;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to send one message to one person, on the queue {@code messages}.
 *
 * @param definition what asks for it, for example {@code journey:welcome}
 * @param step within the definition
 * @param occurrence which run of the definition: with definition and step it makes the intent, so
 *     that a repeat is one and the same wish
 * @param content id of the content
 * @param channels in order of preference
 * @param topic for consent and caps, for example {@code marketing}
 * @param event that triggered it, for rendering; null when a membership did
 */
public record SendRequest(
    PersonId person,
    String definition,
    String step,
    String occurrence,
    String content,
    List<Channel> channels,
    String topic,
    @Nullable Event event) {
  public SendRequest {
    channels = List.copyOf(channels);
  }

  /** This request with that event. */
  public SendRequest with(@Nullable Event cause) {
    return new SendRequest(person, definition, step, occurrence, content, channels, topic, cause);
  }
}
